import { Dim } from '../../dims/dim.js';
import type { Padding } from '../attrs.js';
import type { Shape } from '../types.js';
import { reach, type WindowAxis, windowAxes } from '../window.js';
import type { OnnxCall } from './call.js';

/** The window of a convolution or pooling, as its attributes say. */
export interface NodeWindow {
  readonly kernel: Shape;
  readonly stride: Shape;
  readonly dilation: Shape;
  readonly padding: Padding;
  readonly ceil: boolean;
  /** How archc's operators differ under this window, apart from the shape of the result. */
  readonly differs?: string;
}

export function toSizes(numbers: readonly number[]): Shape {
  return numbers.map((number) => Dim.of(number));
}

/** How many spatial axes the input has, 1 or more. */
export function spatialRank<V>(c: OnnxCall<V>, name: string): number {
  c.rule.rank(name, c.type(0), { min: 3 }, '[N, C, ...]');
  return c.rank(0) - 2;
}

/** The window over the spatial axes. Pads for `auto_pad` are those of its definition. */
export function windowOf<V>(c: OnnxCall<V>, kernel: Shape): NodeWindow {
  demandOnePadding(c);
  const each = (name: string): Shape => toSizes(c.ints(name) ?? kernel.map(() => 1));
  const sliding = { kernel, stride: each('strides'), dilation: each('dilations'), ceil: c.flag('ceil_mode') };
  return { ...sliding, ...paddingOf(c, sliding) };
}

/** The spatial axes under the window; its options have been found valid. */
export function axesUnder<V>(c: OnnxCall<V>, sliding: NodeWindow): readonly WindowAxis[] {
  return windowAxes(c.shape(0).slice(2), sliding.kernel, sliding);
}

/** A window is padded according to either `auto_pad` or `pads`. */
export function demandOnePadding<V>(c: OnnxCall<V>): void {
  const mode = c.string('auto_pad', 'NOTSET');
  const known = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'];
  if (!known.includes(mode))
    c.rule.fail('bad-option', { message: `auto_pad cannot be "${mode}"`, help: `it is one of ${known.join(', ')}` });
  if (mode !== 'NOTSET' && c.ints('pads') !== undefined)
    c.rule.fail('bad-option', { message: `auto_pad is "${mode}", so pads have no effect`, help: 'leave one of the two out' });
}

/** Demands that the attribute `kernel_shape`, if it is given, is that of the filter. */
export function demandKernel<V>(c: OnnxCall<V>, kernel: Shape): void {
  const said = c.ints('kernel_shape');
  if (said === undefined) return;
  if (said.length !== kernel.length)
    c.rule.fail('bad-option', { message: `kernel_shape has ${said.length} sizes for ${kernel.length} spatial axes` });
  for (const [i, side] of kernel.entries()) {
    const message = `kernel_shape is [${said}], but the filter has the sides [${kernel.join(', ')}]`;
    c.rule.equal(side, Dim.of(said[i] ?? 1), () => ({ message }));
  }
}

/** archc's "same" puts an odd padding at the end, as SAME_UPPER; SAME_LOWER puts it at the beginning. */
function paddingOf<V>(c: OnnxCall<V>, axes: Omit<NodeWindow, 'padding' | 'differs'>): Pick<NodeWindow, 'padding' | 'differs'> {
  switch (c.string('auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return { padding: 'same' };
    case 'SAME_LOWER': {
      const totals = c
        .shape(0)
        .slice(2)
        .map((size, i) => samePadding(size, i, axes));
      const isKnown = totals.every((total) => total.constant !== undefined);
      if (!isKnown) return { padding: 'same', differs: 'the padding of an open size is put at the end if it is odd' };
      return { padding: [...totals.map((total) => total.ceilDiv(2)), ...totals.map((total) => total.floorDiv(2))] };
    }
    case 'VALID':
      return { padding: 'valid' };
    default:
      return { padding: toSizes(c.ints('pads') ?? [0]) };
  }
}

/** How much padding gives an axis as many windows as its stride divides it into. */
function samePadding(size: Dim, i: number, { kernel, stride, dilation }: Omit<NodeWindow, 'padding'>): Dim {
  const step = stride[i] ?? Dim.one;
  const span = reach({ kernel: kernel[i] ?? Dim.one, dilation: dilation[i] ?? Dim.one });
  return size.ceilDiv(step).sub(1).mul(step).add(span).sub(size).max(0);
}
