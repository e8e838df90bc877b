import { InternalError } from '../../diagnostics/internal-error.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth } from '../only.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { packedTypes, packingAttrs } from './attrs.js';
import { bytesOfBlock, bytesOfZeros, inBlocks } from './blocks.js';
import { runsIn } from './steps.js';

export const quantizeBlocks = core({
  name: 'quantize_blocks',
  family: 'quantized',
  doc: {
    summary: 'Stores each row of a matrix as whole numbers of a few bits, with a scale and a zero for each block of numbers.',
    example: 'quantize_blocks(weight, bits = 4, block = 32)',
    source: 'the layout of com.microsoft.MatMulNBits',
  },
  inputs: { weight: '[N, K]' },
  attrs: packingAttrs,
  outputs: ['packed', 'scales', 'zeros'],
  storage: 'packs',
  infer: (rule, { weight }, attrs) => {
    rule.rank('weight', weight, 2, '[N, K]');
    rule.dtype('weight', weight, ['f32', 'f16']);
    return packedTypes(nth(weight.shape, 0), nth(weight.shape, 1), attrs, weight.dtype);
  },
  flops: noFlops,
  onnx: () => {
    throw new InternalError('a weight is packed when the file is written, not when it is read');
  },
  evaluate: ({ weight }, attrs) => {
    const [rows = 0, columns = 0] = weight.shape;
    const { packed, scales, packedZeros } = inBlocks(weight.data, columns, attrs, weight.dtype);
    const runs = runsIn(columns, attrs.block);
    return [
      ndArray('u8', [rows, runs, bytesOfBlock(attrs)], Float64Array.from(packed())),
      ndArray(weight.dtype, [rows, runs], Float64Array.from(scales)),
      ndArray('u8', [rows, bytesOfZeros(columns, attrs)], Float64Array.from(packedZeros())),
    ];
  },
  grad: 'none',
  samples: [
    { inputs: { weight: floats32([3, 64]) }, attrs: { bits: 4, block: 32 } },
    { inputs: { weight: floats32([2, 40], 1, 2) }, attrs: { bits: 8, block: 16 } },
  ],
});
