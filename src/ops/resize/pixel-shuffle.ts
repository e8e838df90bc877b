import { Dim } from '../../dims/dim.js';
import { size } from '../attrs.js';
import { composite } from '../define.js';
import { nth, only } from '../only.js';
import { demandOption } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { concrete, isKnown, noFlops } from '../sizes.js';
import { isFloat } from '../types.js';

export const pixelShuffle = composite({
  name: 'pixel_shuffle',
  family: 'resize',
  doc: {
    summary: 'Turns groups of channels into blocks of pixels: `[N, C*f*f, H, W]` to `[N, C, H*f, W*f]`.',
    example: 'x -> pixel_shuffle(2)',
    source: 'Shi et al. 2016, torch.nn.functional.pixel_shuffle, ONNX DepthToSpace (mode CRD)',
  },
  inputs: { x: '`[N, C*f*f, H, W]`' },
  attrs: { factor: size('side of a block of pixels') },
  outputs: ['y'],
  infer: (rule, { x }, { factor }) => {
    rule.rank('x', x, 4, '[N, C, H, W]');
    const [batch, channels, height, width] = [nth(x.shape, 0), nth(x.shape, 1), nth(x.shape, 2), nth(x.shape, 3)];
    const block = factor.mul(factor);
    demandOption(rule, 'factor', factor, 1);
    rule.divides(block, channels, () => ({
      message: `pixel_shuffle by ${factor} takes ${block} channels for each one it makes, and \`x\` has ${channels}`,
      input: 'x',
      wanted: [String(batch), `a multiple of ${block}`, String(height), String(width)],
      got: x.shape,
    }));
    return [{ dtype: x.dtype, shape: [batch, channels.floorDiv(block), height.mul(factor), width.mul(factor)] }];
  },
  flops: noFlops,
  lower: (g, { x }, { factor }, y) => {
    const { shape } = only(y);
    const [batch, channels, height, width] = [nth(shape, 0), nth(shape, 1), nth(g.shape(x), 2), nth(g.shape(x), 3)];
    const blocks = g.reshape(x, [batch, channels, factor, factor, height, width]);
    return [g.reshape(g.transpose(blocks, [0, 1, 4, 2, 5, 3]), shape)];
  },
  forms: [
    {
      name: 'ONNX DepthToSpace',
      // ONNX Runtime has no kernel for integers of more than 8 bits, nor for booleans.
      fits: (_on, { x }, { factor }) => isKnown([factor]) && isFloat(x.dtype),
      onnx: (g, { x }, { factor }, y) =>
        g.node('DepthToSpace', [x], { blocksize: { int: concrete(factor) }, mode: { string: 'CRD' } }, [only(y)]),
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 8, 3, 2]) }, attrs: { factor: Dim.of(2) } },
    { inputs: { x: floats32([1, 9, 2, 2]) }, attrs: { factor: Dim.of(3) } },
  ],
});
