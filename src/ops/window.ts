import { Dim } from '../dims/dim.js';
import type { Padding } from './attrs.js';
import type { Builder } from './builder.js';
import { only } from './only.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { demandCount, demandOption } from './option-bounds.js';
import type { Rule } from './rule.js';
import { concrete } from './sizes.js';
import type { Shape } from './types.js';

/** One spatial axis under a sliding window: window `i` covers the positions `i*stride - begin + j*dilation` for `j < kernel`. */
export interface WindowAxis<S = Dim> {
  readonly input: S;
  readonly kernel: S;
  readonly stride: S;
  readonly dilation: S;
  /** Padding before position 0 and after the last one. */
  readonly begin: S;
  readonly end: S;
  /** How many windows there are. */
  readonly output: S;
}

/** The options of a window as written: one size for all axes or one per axis, and a padding. */
export interface WindowOptions {
  readonly stride: Shape;
  readonly dilation: Shape;
  readonly padding: Padding;
  /** Also allows a last window that extends beyond the end, as long as it starts inside the input or the padding before it. */
  readonly ceil?: boolean;
}

/** Sizes from numbers: `sizesOf(3, 3)`. */
export function sizesOf(...numbers: readonly number[]): Shape {
  return numbers.map((n) => Dim.of(n));
}

/** One size for each of `count` axes, from one for all or one each. */
export function perAxis(sizes: Shape, count: number): Shape {
  const [first] = sizes;
  return sizes.length === 1 && first !== undefined ? new Array<Dim>(count).fill(first) : sizes;
}

/** How many positions a window spans, including holes. */
export function reach(axis: { readonly kernel: Dim; readonly dilation: Dim }): Dim {
  return axis.kernel.sub(1).mul(axis.dilation).add(1);
}

/**
 * The axes of a window; its options have passed `demandWindowOptions`. `"same"` gives as many windows as the stride divides into, with any
 * odd padding at the end.
 */
export function windowAxes(input: Shape, sides: Shape, options: WindowOptions): readonly WindowAxis[] {
  const kernels = perAxis(sides, input.length);
  const strides = perAxis(options.stride, input.length);
  const dilations = perAxis(options.dilation, input.length);
  return input.map((size, i) => {
    const kernel = kernels[i] ?? Dim.one;
    const stride = strides[i] ?? Dim.one;
    const dilation = dilations[i] ?? Dim.one;
    if (options.padding === 'same') return sameAxis({ input: size, kernel, stride, dilation });
    const [begin, end] = paddingOf(options.padding, i, input.length);
    const output = windowCount({ input: size, kernel, stride, dilation, begin, end }, options.ceil === true);
    return { input: size, kernel, stride, dilation, begin, end, output };
  });
}

type OpenAxis = Omit<WindowAxis, 'begin' | 'end' | 'output'>;

function sameAxis(axis: OpenAxis): WindowAxis {
  const output = axis.input.ceilDiv(axis.stride);
  const total = output.sub(1).mul(axis.stride).add(reach(axis)).sub(axis.input).max(0);
  const begin = total.floorDiv(2);
  return { ...axis, begin, end: total.sub(begin), output };
}

function paddingOf(padding: Exclude<Padding, 'same'>, axis: number, count: number): readonly [Dim, Dim] {
  if (padding === 'valid') return [Dim.zero, Dim.zero];
  const sizes = padding.length === 2 * count ? padding : [...perAxis(padding, count), ...perAxis(padding, count)];
  return [sizes[axis] ?? Dim.zero, sizes[axis + count] ?? Dim.zero];
}

function windowCount(axis: Omit<WindowAxis, 'output'>, ceil: boolean): Dim {
  const room = axis.input.add(axis.begin).add(axis.end).sub(reach(axis));
  if (!ceil) return room.floorDiv(axis.stride).add(1);
  const count = room.ceilDiv(axis.stride).add(1);
  // The last window automatically starts early enough if it may extend beyond the end by less than the shift of the next one.
  const slack = reach(axis).sub(axis.end).sub(axis.stride).constant;
  return slack !== undefined && slack >= 0 ? count : count.min(axis.input.add(axis.begin).ceilDiv(axis.stride));
}

/** The number of input positions, from 0, that all windows together reach; it may be more or less than the input. */
export function covered(axis: WindowAxis): Dim {
  return axis.output.sub(1).mul(axis.stride).add(reach(axis)).sub(axis.begin);
}

/** Demands lists of the right length and valid sizes; comes before `windowAxes`. */
export function demandWindowOptions(rule: Rule, count: number, options: WindowOptions & { readonly kernel?: Shape }): void {
  for (const attr of ['kernel', 'stride', 'dilation'] as const) {
    const sizes = options[attr];
    if (sizes === undefined) continue;
    demandCount(rule, attr, sizes, count === 1 ? [1] : [1, count]);
    for (const size of sizes) demandOption(rule, attr, size, 1);
  }
  if (typeof options.padding === 'string') return;
  demandCount(rule, 'padding', options.padding, count === 1 ? [1, 2] : [1, count, 2 * count]);
  for (const size of options.padding) demandOption(rule, 'padding', size, 0);
}

/** Demands that the window fits at least once on each axis; in ceil mode it may extend beyond the end by less than a stride. */
export function demandFit(rule: Rule, what: string, x: Shape, axes: readonly WindowAxis[], ceil = false): void {
  for (const [i, axis] of axes.entries()) {
    const room = axis.input.add(axis.begin).add(axis.end);
    rule.atLeast(room, ceil ? reach(axis).sub(axis.stride).add(1) : reach(axis), () => ({
      message: `${what} that spans ${reach(axis)} does not fit into a ${room.equals(axis.input) ? '' : 'padded '}side of ${room}`,
      input: 'x',
      wanted: x.map((size, j) => (j === i + 2 ? `at least ${reach(axis).sub(axis.begin).sub(axis.end)}` : String(size))),
      got: x,
    }));
  }
}

/** `[N, C, H, W]` for two spatial axes. */
export function imageForm(count: number): string {
  return count === 1 ? '[N, C, L]' : count === 2 ? '[N, C, H, W]' : '[N, C, D, H, W]';
}

/** The axes as numbers, for reference evaluation. */
export function concreteAxes(axes: readonly WindowAxis[]): readonly WindowAxis<number>[] {
  return axes.map((axis) => ({
    input: concrete(axis.input),
    kernel: concrete(axis.kernel),
    stride: concrete(axis.stride),
    dilation: concrete(axis.dilation),
    begin: concrete(axis.begin),
    end: concrete(axis.end),
    output: concrete(axis.output),
  }));
}

/** For each window and each of its taps, the row-major input position; -1 if the tap is in the padding. */
export interface TapTable {
  readonly windows: number;
  readonly taps: number;
  readonly inputs: number;
  /** At `window * taps + tap`. */
  readonly source: Int32Array;
}

export function tapTable(axes: readonly WindowAxis<number>[]): TapTable {
  let table: TapTable = { windows: 1, taps: 1, inputs: 1, source: new Int32Array(1) };
  for (const axis of axes) table = extendTaps(table, axis);
  return table;
}

function extendTaps(outer: TapTable, axis: WindowAxis<number>): TapTable {
  const windows = outer.windows * axis.output;
  const taps = outer.taps * axis.kernel;
  const source = new Int32Array(windows * taps);
  let at = 0;
  for (let w = 0; w < outer.windows; w++) {
    for (let i = 0; i < axis.output; i++) {
      for (let t = 0; t < outer.taps; t++) {
        const base = outer.source[w * outer.taps + t] ?? -1;
        for (let j = 0; j < axis.kernel; j++) {
          const position = i * axis.stride - axis.begin + j * axis.dilation;
          source[at++] = base < 0 || position < 0 || position >= axis.input ? -1 : base * axis.input + position;
        }
      }
    }
  }
  return { windows, taps, inputs: outer.inputs * axis.input, source };
}

/** ONNX attributes `pads` (all begins, then all ends) if every padding is a number. */
export function padsOf(axes: readonly Pick<WindowAxis, 'begin' | 'end'>[]): readonly number[] | undefined {
  const pads = [...axes.map((axis) => axis.begin.constant), ...axes.map((axis) => axis.end.constant)];
  return pads.every((pad) => pad !== undefined) ? pads : undefined;
}

/** `x` with its spatial axes padded by a Pad node, which also accepts sizes that are known only at run time. */
export function padNode<V>(g: OnnxBuilder<V>, x: V, axes: readonly Pick<WindowAxis, 'begin' | 'end'>[], value: number): V {
  const { dtype, shape } = g.type(x);
  const pads = [Dim.zero, Dim.zero, ...axes.map((a) => a.begin), Dim.zero, Dim.zero, ...axes.map((a) => a.end)];
  const type = { dtype, shape: shape.map((size, i) => size.add(pads[i] ?? 0).add(pads[i + shape.length] ?? 0)) };
  return only(g.node('Pad', [x, g.dims(pads), g.scalar(value, dtype)], {}, [type]));
}

/** Like `padNode`, for gradient rules; a no-op if there is nothing to pad. */
export function padSpatial<V>(g: Builder<V>, x: V, axes: readonly Pick<WindowAxis, 'begin' | 'end'>[], value = 0): V {
  const pads = [Dim.zero, Dim.zero, ...axes.map((a) => a.begin), Dim.zero, Dim.zero, ...axes.map((a) => a.end)];
  return pads.every((pad) => pad.constant === 0) ? x : g.op('pad', [x], { pads, axes: [...pads.keys()].slice(0, pads.length / 2), value });
}
