import { Dim } from '../../dims/dim.js';
import { rangeOf } from '../dtype-range.js';
import { hangover } from '../pool/pooling.js';
import { isFloat, type Shape, type TensorType } from '../types.js';
import { demandFit, demandWindowOptions, reach, type WindowAxis } from '../window.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { typesOnly } from './simple.js';
import { axesUnder, type NodeWindow, spatialRank, toSizes, windowOf } from './windows.js';

/** A pooling whose window has been found valid. */
interface Pooling {
  readonly sliding: NodeWindow;
  readonly axes: readonly WindowAxis[];
  readonly type: TensorType;
}

function poolingOf<V>(c: OnnxCall<V>): Pooling {
  const count = spatialRank(c, 'X');
  const kernel = toSizes(c.ints('kernel_shape') ?? []);
  if (kernel.length !== count) c.rule.fail('bad-option', { message: `kernel_shape has ${kernel.length} sizes for ${count} spatial axes` });
  const sliding = windowOf(c, kernel);
  demandWindowOptions(c.rule, count, sliding);
  const axes = axesUnder(c, sliding);
  demandFit(c.rule, 'a window', c.shape(0), axes, sliding.ceil);
  for (const { begin, end, kernel: size } of c.has('pads') ? axes : []) {
    for (const pad of [begin, end])
      c.rule.atLeast(size.sub(1), pad, () => ({ message: `a padding of ${pad} is not less than the window of ${size}` }));
  }
  const { dtype, shape } = c.type(0);
  return { sliding, axes, type: { dtype, shape: [...shape.slice(0, 2), ...axes.map((axis) => axis.output)] } };
}

/** archc's poolings take at most half a window of padding. */
function isWide({ sliding, axes }: Pooling): boolean {
  if (typeof sliding.padding === 'string') return false;
  return axes.some((axis) => [axis.begin, axis.end].some((pad) => (pad.mul(2).sub(reach(axis)).constant ?? 0) > 0));
}

function isDilated({ sliding }: Pooling): boolean {
  return sliding.dilation.some((size) => size.constant !== 1);
}

const tooMany = 'archc pools over 1 to 3 axes';

const averagePool: Translation = (c) => {
  const pooling = poolingOf(c);
  const { sliding, axes, type } = pooling;
  if (axes.length > 3) return [new TypeOnly(type, tooMany)];
  const counted = c.flag('count_include_pad');
  if (isDilated(pooling) || isWide(pooling)) return [c.g.div(windowSums(c, c.in(0), axes), windowCounts(c, axes, counted))];
  const { kernel, stride, padding, ceil, differs } = sliding;
  const attrs = { kernel, stride, padding, ceil_mode: ceil, count_include_pad: counted };
  return orTypes(c, [c.g.op(`avg_pool${axes.length}d`, [c.in(0)], attrs)], differs);
};

const maxPool: Translation = (c) => {
  const { g } = c;
  const pooling = poolingOf(c);
  const { sliding, axes, type } = pooling;
  const indices = new TypeOnly({ dtype: 'i64', shape: type.shape }, "archc's poolings do not return places");
  if (axes.length > 3) return [new TypeOnly(type, tooMany), indices];
  const { kernel, stride, dilation, padding, ceil, differs } = sliding;
  // Integers of 8 bits are exact among floats.
  const x = isFloat(type.dtype) ? c.in(0) : g.cast(c.in(0), 'f32');
  const least = isFloat(type.dtype) ? Number.NEGATIVE_INFINITY : (rangeOf(type.dtype)?.lowest ?? 0);
  const wide = isWide(pooling);
  const y = g.op(`max_pool${axes.length}d`, [wide ? padded(c, x, axes.map(ownPadding), least) : x], {
    kernel,
    stride,
    dilation,
    padding: wide ? 'valid' : padding,
    ceil_mode: ceil,
  });
  return [...orTypes(c, [g.cast(y, type.dtype)], differs), ...(c.wants(1) ? [indices] : [])];
};

/** The root of the sum of powers in each window. */
const lpPool: Translation = (c) => {
  const { g } = c;
  const { sliding, axes, type } = poolingOf(c);
  if (axes.length > 3) return [new TypeOnly(type, tooMany)];
  const p = c.int('p', 2);
  const powers = g.pow(g.abs(c.in(0)), g.scalar(p, c.in(0)));
  return orTypes(c, [g.pow(windowSums(c, powers, axes), g.scalar(1 / p, powers))], sliding.differs);
};

function orTypes<V>(c: OnnxCall<V>, outputs: Outputs<V>, differs: string | undefined): Outputs<V> {
  return differs === undefined ? outputs : typesOnly(c, outputs, differs);
}

interface Margin {
  readonly begin: Dim;
  readonly end: Dim;
}

function ownPadding({ begin, end }: WindowAxis): Margin {
  return { begin, end };
}

function padded<V>(c: OnnxCall<V>, x: V, margins: readonly Margin[], value: number): V {
  const pads = [...margins.map(({ begin }) => begin), ...margins.map(({ end }) => end)];
  if (pads.every((size) => size.constant === 0)) return x;
  return c.g.op('pad', [x], { pads, axes: margins.map((_, i) => i + 2), value });
}

/** The sum of each window of `x`, as a convolution with ones of each channel. */
function windowSums<V>(c: OnnxCall<V>, x: V, axes: readonly WindowAxis[]): V {
  const margins = axes.map((axis) => ({ begin: axis.begin, end: axis.end.add(hangover(axis)) }));
  return summed(c, padded(c, x, margins, 0), axes);
}

/** How many elements each window has, with the padding or without; what reaches beyond the padding is not counted. */
function windowCounts<V>(c: OnnxCall<V>, axes: readonly WindowAxis[], withPadding: boolean): V {
  const ones = padded(c, c.g.op('ones_like', [c.in(0)]), axes.map(ownPadding), withPadding ? 1 : 0);
  const over = axes.map((axis) => ({ begin: Dim.zero, end: hangover(axis) }));
  return summed(c, padded(c, ones, over, 0), axes);
}

function summed<V>(c: OnnxCall<V>, x: V, axes: readonly WindowAxis[]): V {
  const channels = c.shape(0)[1] ?? Dim.one;
  const filter: Shape = [channels, Dim.one, ...axes.map(({ kernel }) => kernel)];
  const ones = c.g.op('ones', [], { shape: filter, dtype: c.type(0).dtype });
  const [stride, dilation] = [axes.map((axis) => axis.stride), axes.map((axis) => axis.dilation)];
  return c.g.op(`conv${axes.length}d`, [x, ones], { stride, dilation, groups: channels });
}

function overAll(name: string): Translation {
  return (c) => {
    spatialRank(c, 'X');
    return [c.g.op(name, [c.in(0)])];
  };
}

const globalLpPool: Translation = (c) => {
  const { g } = c;
  const axes = Array.from({ length: spatialRank(c, 'X') }, (_, i) => i + 2);
  const p = c.int('p', 2);
  const sum = g.sum(g.pow(g.abs(c.in(0)), g.scalar(p, c.in(0))), axes, true);
  return [g.pow(sum, g.scalar(1 / p, sum))];
};

export const poolings: Readonly<Record<string, Translation>> = {
  AveragePool: averagePool,
  GlobalAveragePool: overAll('global_avg_pool'),
  GlobalLpPool: globalLpPool,
  GlobalMaxPool: overAll('global_max_pool'),
  LpPool: lpPool,
  MaxPool: maxPool,
};
