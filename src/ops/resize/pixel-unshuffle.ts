import { Dim } from '../../dims/dim.js';
import { size } from '../attrs.js';
import { composite } from '../define.js';
import { nth, only } from '../only.js';
import { demandOption } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';

export const pixelUnshuffle = composite({
  name: 'pixel_unshuffle',
  family: 'resize',
  doc: {
    summary: 'Turns blocks of pixels into groups of channels: `[N, C, H*f, W*f]` to `[N, C*f*f, H, W]`.',
    example: 'x -> pixel_unshuffle(2)',
    source: 'torch.nn.functional.pixel_unshuffle',
  },
  inputs: { x: '`[N, C, H*f, W*f]`' },
  attrs: { factor: size('side of a block of pixels') },
  outputs: ['y'],
  infer: (rule, { x }, { factor }) => {
    rule.rank('x', x, 4, '[N, C, H, W]');
    const [batch, channels, ...sides] = x.shape;
    demandOption(rule, 'factor', factor, 1);
    for (const side of sides) {
      rule.divides(factor, side, () => ({
        message: `pixel_unshuffle by ${factor} needs sides that are multiples of ${factor}, and one is ${side}`,
        input: 'x',
        wanted: x.shape.map((size, i) => (i >= 2 ? `a multiple of ${factor}` : String(size))),
        got: x.shape,
      }));
    }
    const shape = [batch ?? Dim.one, (channels ?? Dim.one).mul(factor).mul(factor), ...sides.map((side) => side.floorDiv(factor))];
    return [{ dtype: x.dtype, shape }];
  },
  flops: noFlops,
  // ONNX SpaceToDepth orders the channels differently, and has no WebGPU kernel.
  lower: (g, { x }, { factor }, y) => {
    const { shape } = only(y);
    const [batch, channels, height, width] = [nth(shape, 0), nth(g.shape(x), 1), nth(shape, 2), nth(shape, 3)];
    const blocks = g.reshape(x, [batch, channels, height, factor, width, factor]);
    return [g.reshape(g.transpose(blocks, [0, 1, 3, 5, 2, 4]), shape)];
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 2, 6, 4]) }, attrs: { factor: Dim.of(2) } },
    { inputs: { x: floats32([1, 1, 3, 6]) }, attrs: { factor: Dim.of(3) } },
  ],
});
