import { Dim } from '../../dims/dim.js';
import type { Shape } from '../types.js';
import { reach } from '../window.js';
import type { OnnxCall, Outputs, Translation } from './call.js';
import { typesOnly } from './simple.js';
import { demandKernel, demandOnePadding, spatialRank, toSizes, windowOf } from './windows.js';

/** The sides of the filter, which may have 1 to 3. */
function filterOf<V>(c: OnnxCall<V>, filter: V): Shape {
  const count = spatialRank(c, 'X');
  if (count > 3) c.unknown('archc convolves over 1 to 3 axes');
  c.rule.rank('W', c.g.type(filter), count + 2, '[filters, channels, sides ...]');
  const kernel = c.g.shape(filter).slice(2);
  demandKernel(c, kernel);
  return kernel;
}

/** A convolution of `x`, the input 0 or a form of it, by the window of the call. */
export function convolved<V>(c: OnnxCall<V>, x: V, filter: V, bias: V | undefined): Outputs<V> {
  const kernel = filterOf(c, filter);
  const { stride, dilation, padding, differs } = windowOf(c, kernel);
  const y = c.g.op(`conv${kernel.length}d`, [x, filter, bias], { stride, dilation, padding, groups: c.int('group', 1) });
  return differs === undefined ? [y] : typesOnly(c, [y], differs);
}

const convTranspose: Translation = (c) => {
  const kernel = filterOf(c, c.in(1));
  demandOnePadding(c);
  const stride = toSizes(c.ints('strides') ?? kernel.map(() => 1));
  const dilation = toSizes(c.ints('dilations') ?? kernel.map(() => 1));
  const extra = toSizes(c.ints('output_padding') ?? kernel.map(() => 0));
  const image = c.shape(0).slice(2);
  const wanted = wantedSides(c, image, stride);
  const totals = wanted?.map((side, i) => {
    const axis = { kernel: kernel[i] ?? Dim.one, dilation: dilation[i] ?? Dim.one };
    const reached = (image[i] ?? Dim.one)
      .sub(1)
      .mul(stride[i] ?? Dim.one)
      .add(extra[i] ?? Dim.zero)
      .add(reach(axis));
    return reached.sub(side);
  });
  const options = totals === undefined ? { padding: givenPadding(c), output_padding: extra } : paddingFor(c, totals, extra);
  return [
    c.g.op(`conv_transpose${kernel.length}d`, [c.in(0), c.in(1), c.x(2)], { stride, dilation, groups: c.int('group', 1), ...options }),
  ];
};

function givenPadding<V>(c: OnnxCall<V>): Shape {
  return toSizes(c.ints('pads') ?? [0]);
}

/** The sides that the result must have, if the call says so. */
function wantedSides<V>(c: OnnxCall<V>, image: Shape, stride: Shape): Shape | undefined {
  const given = c.ints('output_shape');
  if (given !== undefined) return toSizes(given.slice(-image.length));
  const isSame = c.string('auto_pad', 'NOTSET').startsWith('SAME');
  return isSame ? image.map((size, i) => size.mul(stride[i] ?? Dim.one)) : undefined;
}

/** Cuts off what the windows reach beyond the wanted sides; a result that is larger than that is padded at its end. */
function paddingFor<V>(c: OnnxCall<V>, totals: Shape, extra: Shape): { readonly padding: Shape; readonly output_padding: Shape } {
  const cuts = totals.map((total) => total.max(0));
  const [small, large] = [cuts.map((cut) => cut.floorDiv(2)), cuts.map((cut) => cut.ceilDiv(2))];
  const padding = c.string('auto_pad', 'NOTSET') === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small];
  return { padding, output_padding: extra.map((own, i) => own.add((totals[i] ?? Dim.zero).mul(-1).max(0))) };
}

export const convolutions: Readonly<Record<string, Translation>> = {
  Conv: (c) => convolved(c, c.in(0), c.in(1), c.x(2)),
  ConvTranspose: convTranspose,
};
