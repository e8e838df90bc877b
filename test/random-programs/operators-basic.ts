import type { DType } from '../../src/ops/types.js';
import { type Draft, dtype, flag, float, Impossible, num, type Option, sized, sizedList } from './draft.js';
import { Size } from './size.js';
import { isExact, rounded, sameAxes, type Tensor } from './tensor.js';

/** Draws one use of an operator; throws `Impossible` where the scope has nothing for it. */
export type Move = (d: Draft) => unknown;

const f32 = (t: Tensor, bits: number = rounded) => ({ dtype: 'f32' as const, axes: t.axes, bits });

/** A float in [-0.9, 0.9]. */
function unit(d: Draft): Tensor {
  const x = d.float();
  const bounded = d.call('tanh', [x], {}, f32(x));
  return times(d, bounded, 0.9);
}

function times(d: Draft, x: Tensor, factor: number): Tensor {
  d.program.operators.push('mul');
  return d.made(`${x.form === 'atom' ? x.text : `(${x.text})`} * ${factor}`, 'infix', f32(x), {
    compute: (run) => run.op('mul', [run.of(x), { dtype: 'f32', shape: [], data: Float64Array.of(Math.fround(factor)) }]),
  });
}

/** A float of at least 1/4. */
function positive(d: Draft): Tensor {
  const x = d.calm(d.float());
  const size = d.call('abs', [x], {}, f32(x, x.bits));
  d.program.operators.push('add');
  return d.made(`${size.form === 'atom' ? size.text : `(${size.text})`} + 0.25`, 'infix', f32(x), {
    compute: (run) => run.op('add', [run.of(size), { dtype: 'f32', shape: [], data: Float64Array.of(0.25) }]),
  });
}

/** Elementwise operators by what they need of their operand. */
const smooth = [
  'erf',
  'gelu',
  'hardsigmoid',
  'hardswish',
  'logsigmoid',
  'mish',
  'quick_gelu',
  'selu',
  'sigmoid',
  'silu',
  'sin',
  'cos',
  'softplus',
  'softsign',
  'tanh',
  'atan',
  'relu6',
];
const calm = ['exp', 'expm1', 'sinh', 'cosh'];
const units = ['acos', 'asin', 'tan'];
const positives = ['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal'];
const steps = ['ceil', 'floor', 'round', 'sign'];
const kept = ['abs', 'neg', 'relu'];

function elementwise(): Record<string, Move> {
  const moves: Record<string, Move> = {};
  for (const name of smooth)
    moves[name] = (d) => {
      const x = d.float();
      const options: Record<string, Option> =
        name === 'gelu' && d.draw.chance(0.4) ? { approximate: { text: '"tanh"', at: () => 'tanh' } } : {};
      return d.call(name, [x], options, f32(x));
    };
  for (const name of calm)
    moves[name] = (d) => {
      const x = d.calm(d.float(), 3);
      return d.call(name, [x], {}, f32(x));
    };
  for (const name of units)
    moves[name] = (d) => {
      const x = unit(d);
      return d.call(name, [x], {}, f32(x));
    };
  for (const name of positives)
    moves[name] = (d) => {
      const x = positive(d);
      return d.call(name, [x], {}, f32(x));
    };
  for (const name of steps)
    moves[name] = (d) => {
      const x = d.float({ exact: true });
      return d.call(name, [x], {}, f32(x, x.bits));
    };
  for (const name of kept)
    moves[name] = (d) => {
      const x = wildOr(d);
      return d.call(name, [x], {}, { ...f32(x, x.bits), wild: x.wild }, name === 'neg' && d.draw.chance(0.6) ? { prefix: '-' } : {});
    };
  moves.square = (d) => {
    const x = d.calm(d.float());
    return d.call('square', [x], {}, f32(x, 2 * x.bits));
  };
  for (const [name, key] of [
    ['celu', 'alpha'],
    ['elu', 'alpha'],
    ['leaky_relu', 'slope'],
  ] as const)
    moves[name] = (d) => {
      const x = d.float();
      return d.call(name, [x], d.draw.chance(0.5) ? {} : { [key]: float(d.draw.pick([0.25, 0.5, 1.5])) }, f32(x));
    };
  moves.clip = (d) => {
    const x = d.draw.chance(0.5) ? d.side({ dtype: 'f32', axes: d.someAxes(d.draw.int(1, 2)), style: 'wild' }) : d.float();
    const low = d.draw.pick([0, -0.5, -1]);
    const [min, max] = d.draw.pick([
      [num(low), undefined],
      [undefined, num(low + 1)],
      [num(low), num(low + 1)],
    ] as const);
    return d.call('clip', [x], { min, max }, f32(x, Math.max(x.bits, 4)));
  };
  moves.prelu = (d) => {
    const x = d.float({ least: 2, fits: (t) => t.axes.length <= 4 });
    const slope = d.side({ dtype: 'f32', axes: [d.draw.chance(0.5) ? Size.of(1) : (x.axes[1] as Size)], style: 'probability' });
    return d.call('prelu', [x, slope], {}, f32(x));
  };
  moves.cast = (d) => {
    const x = d.tensor(
      (t) => !t.wild && isExact(t) && t.axes.length <= 4,
      () => d.float({ exact: true }),
    );
    const to = d.draw.pick<DType>(['f32', 'i64', 'i32', 'bool', 'f32']);
    if (x.dtype === 'f32' && (to === 'i64' || to === 'i32') && d.magnitude(x) > 1e6) throw new Impossible('too large');
    return d.call('cast', [x], { dtype: dtype(to) }, { dtype: to, axes: x.axes, bits: Math.max(x.bits, 8) });
  };
  moves.stop_gradient = (d) => {
    const x = d.float();
    return d.call('stop_gradient', [x], {}, f32(x, x.bits));
  };
  for (const name of ['dropout'])
    moves[name] = (d) => {
      const x = d.float();
      return d.call(name, [x], d.draw.chance(0.5) ? { p: float(0.25) } : {}, f32(x, x.bits));
    };
  return moves;
}

/** A float tensor, sometimes one with infinities and NaN. */
function wildOr(d: Draft, probability = 0.3): Tensor {
  if (!d.draw.chance(probability)) return d.float();
  return d.tensor(
    (t) => t.dtype === 'f32' && t.wild && t.axes.length <= 4,
    () => d.side({ dtype: 'f32', axes: d.someAxes(d.draw.int(1, 2)), style: 'wild' }),
  );
}

/** A second operand that fits a first one: equal axes, axes that are missing on the left, or 1s. */
function partner(
  d: Draft,
  a: Tensor,
  style: 'smooth' | 'grid' | 'probability' | 'positive' | 'small' | 'wild' = 'smooth',
  exact = false,
): Tensor {
  const same = d.scope.filter((t) => t.dtype === a.dtype && !t.wild && sameAxes(t.axes, a.axes) && t !== a && (!exact || isExact(t)));
  if (same.length > 0 && style !== 'positive' && style !== 'probability' && d.draw.chance(0.7)) return d.draw.pick(same);
  if (!d.canSide) {
    if (style === 'positive' || style === 'probability') throw new Impossible('no partner');
    return a;
  }
  const axes = a.axes.slice(d.draw.int(0, Math.min(2, a.axes.length))).map((axis) => (d.draw.chance(0.25) ? Size.of(1) : axis));
  return d.side({ dtype: a.dtype, axes, style });
}

const infix: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  floor_div: '//',
  mod: '%',
  pow: '**',
  equal: '==',
  not_equal: '!=',
  greater: '>',
  greater_equal: '>=',
  less: '<',
  less_equal: '<=',
  logical_and: '&',
  logical_or: '|',
};

function written(d: Draft, name: string): { infix?: string } {
  const symbol = infix[name];
  // `equal` is PyTorch's, which gives one answer for all elements.
  return symbol !== undefined && (name === 'equal' || d.draw.chance(0.7)) ? { infix: symbol } : {};
}

function anyInts(d: Draft, type: DType, style: 'small' | 'wild' = 'small'): Tensor {
  return d.tensor(
    (t) => t.dtype === type && t.axes.length <= 4 && t.wild === (style === 'wild'),
    () => d.side({ dtype: type, axes: d.someAxes(d.draw.int(1, 2)), style }),
  );
}

function binary(): Record<string, Move> {
  const moves: Record<string, Move> = {};
  const at = (d: Draft, name: string, a: Tensor, b: Tensor, type: DType, bits: number) => {
    const axes = a.axes;
    const flip =
      ['add', 'mul', 'maximum', 'minimum', 'equal', 'not_equal', 'logical_and', 'logical_or', 'logical_xor'].includes(name) &&
      d.draw.chance(0.3);
    return d.call(name, flip ? [b, a] : [a, b], {}, { dtype: type, axes, bits }, written(d, name));
  };
  for (const name of ['add', 'sub', 'maximum', 'minimum'])
    moves[name] = (d) => {
      const type = d.draw.chance(0.8) ? 'f32' : d.draw.pick<DType>(['i64', 'i32']);
      const a = type === 'f32' ? d.calm(d.float()) : anyInts(d, type);
      if (type !== 'f32' && d.magnitude(a) > 1e5) throw new Impossible('too large');
      const b = partner(d, a, type === 'f32' ? 'grid' : 'small');
      return at(d, name, a, b, type, Math.max(a.bits, b.bits) + 1);
    };
  moves.mul = (d) => {
    const type = d.draw.chance(0.85) ? 'f32' : d.draw.pick<DType>(['i64', 'i32']);
    const a = type === 'f32' ? d.calm(d.float()) : anyInts(d, type);
    if (d.magnitude(a) > 1e3) throw new Impossible('too large');
    const b = partner(d, a, type === 'f32' ? 'grid' : 'small');
    if (d.magnitude(b) > 1e3) throw new Impossible('too large');
    return at(d, 'mul', a, b, type, a.bits + b.bits);
  };
  moves.div = (d) => {
    const a = d.calm(d.float());
    return at(d, 'div', a, partner(d, a, 'positive'), 'f32', rounded);
  };
  moves.pow = (d) => {
    const a = positive(d);
    const b = partner(d, a, 'grid');
    if (d.magnitude(b) > 4 || d.magnitude(a) > 8) throw new Impossible('too large');
    return at(d, 'pow', a, b, 'f32', rounded);
  };
  for (const name of ['floor_div', 'mod'])
    moves[name] = (d) => {
      const type = d.draw.pick<DType>(['f32', 'i64', 'i32', 'i8', 'i16', 'u8']);
      const a = type === 'f32' ? d.float({ exact: true }) : anyInts(d, type, d.draw.chance(0.5) ? 'wild' : 'small');
      const divisor = d.draw.pick(
        type === 'f32' ? [0.25, 0.5, 3, -0.75, -2] : type === 'u8' ? [1, 2, 3, 7, 100] : [1, 2, 3, 7, -2, -3, 100],
      );
      d.program.operators.push(name);
      d.seen('operators on tensors', 'number as an operand');
      return d.made(
        `${a.form === 'atom' ? a.text : `(${a.text})`} ${infix[name]} ${divisor < 0 ? `(${divisor})` : divisor}`,
        'infix',
        { dtype: type, axes: a.axes, bits: 12, wild: a.wild },
        { compute: (run) => run.op(name, [run.of(a), { dtype: type, shape: [], data: Float64Array.of(divisor) }]) },
      );
    };
  for (const name of ['equal', 'not_equal', 'greater', 'greater_equal', 'less', 'less_equal'])
    moves[name] = (d) => {
      const type = d.draw.chance(0.7) ? 'f32' : d.draw.pick<DType>(['i64', 'i32']);
      const a = type === 'f32' ? d.float({ exact: true }) : anyInts(d, type);
      return at(d, name, a, partner(d, a, type === 'f32' ? 'grid' : 'small', true), 'bool', 1);
    };
  const bools = (d: Draft) =>
    d.tensor(
      (t) => t.dtype === 'bool' && t.axes.length <= 4,
      () => d.side({ dtype: 'bool', axes: d.someAxes(d.draw.int(1, 3)), style: 'boolean' }),
    );
  for (const name of ['logical_and', 'logical_or', 'logical_xor'])
    moves[name] = (d) => {
      const a = bools(d);
      const b = d.like(a.axes, 'bool', 'boolean');
      return at(d, name, a, b, 'bool', 1);
    };
  moves.logical_not = (d) => {
    const a = bools(d);
    return d.call('logical_not', [a], {}, { dtype: 'bool', axes: a.axes, bits: 1 }, d.draw.chance(0.7) ? { prefix: '!' } : {});
  };
  for (const name of ['isnan', 'isinf'])
    moves[name] = (d) => {
      const x = wildOr(d, 0.7);
      return d.call(name, [x], {}, { dtype: 'bool', axes: x.axes, bits: 1, wild: false });
    };
  moves.where = (d) => {
    const a = d.float();
    const b = d.like(a.axes, 'f32', 'grid');
    const condition = d.like(a.axes, 'bool', 'boolean');
    return d.call('where', [condition, a, b], {}, f32(a, Math.max(a.bits, b.bits)));
  };
  return moves;
}

// ---------------------------------------------------------------- reductions

interface Axes {
  readonly option: Option;
  readonly taken: readonly number[];
}

/** Some axes of a tensor: by number, counted from the end, or by name. */
export function someOf(d: Draft, x: Tensor, most = 2): Axes {
  const rank = x.axes.length;
  const taken = d.draw.some([...x.axes.keys()], Math.min(rank, d.draw.int(1, most)));
  const texts = taken.map((i) => {
    const axis = x.axes[i] as Size;
    const named = axis.isName && x.axes.filter((other) => other.text === axis.text).length === 1 && d.live.sizes.has(axis.text);
    if (named && d.draw.chance(0.4)) {
      d.seen('axis by name');
      return axis.text;
    }
    return String(d.draw.chance(0.4) ? i - rank : i);
  });
  const text = texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
  return { taken, option: { text, at: () => [...taken] } };
}

function oneAxis(d: Draft, x: Tensor): { readonly option: Option; readonly at: number } {
  const { option, taken } = someOf(d, x, 1);
  const at = taken[0] as number;
  return { option: { text: option.text, at: () => at }, at };
}

function without(axes: readonly Size[], taken: readonly number[], keep: boolean): readonly Size[] {
  return keep ? axes.map((axis, i) => (taken.includes(i) ? Size.of(1) : axis)) : axes.filter((_, i) => !taken.includes(i));
}

function reductions(): Record<string, Move> {
  const moves: Record<string, Move> = {};
  const reduce = (
    name: string,
    pick: (d: Draft) => Tensor,
    result: (x: Tensor) => { dtype: DType; bits: number },
    more: (d: Draft) => Record<string, Option> = () => ({}),
    most = 2,
  ) => {
    moves[name] = (d) => {
      const x = pick(d);
      if (x.axes.length === 0) throw new Impossible('a scalar');
      const { option, taken } = someOf(d, x, most);
      const keep = d.draw.chance(0.4);
      const options = { axis: option, ...(keep ? { keep: flag(true) } : {}), ...more(d) };
      return d.call(name, [x], options, { ...result(x), axes: without(x.axes, taken, keep) });
    };
  };
  const float = (d: Draft) => d.calm(d.float({ least: 1 }), 8);
  const lost = () => ({ dtype: 'f32' as const, bits: rounded });
  for (const name of ['mean', 'logsumexp']) reduce(name, float, lost);
  reduce('sum', float, (x) => ({ dtype: 'f32', bits: x.bits + 5 }));
  reduce('prod', (d) => d.calm(d.float({ least: 1 }), 2), lost, undefined, 1);
  for (const name of ['max', 'min']) reduce(name, float, (x) => ({ dtype: 'f32', bits: x.bits }));
  for (const name of ['std', 'var'])
    moves[name] = (d) => {
      const x = d.float({ least: 1, fits: (t) => t.axes.every((a) => a.text !== '1') });
      const { option, at } = oneAxis(d, x);
      const keep = d.draw.chance(0.4);
      const unbiased = d.draw.chance(0.5);
      const options = { axis: option, ...(keep ? { keep: flag(true) } : {}), ...(unbiased ? {} : { unbiased: flag(false) }) };
      // The spread of one element as a sample is not a number.
      const wild = unbiased && d.least(x.axes[at] as Size) < 2;
      return d.call(name, [x], options, { ...lost(), axes: without(x.axes, [at], keep), wild });
    };
  reduce('norm', float, lost, (d) => (d.draw.chance(0.4) ? { p: num(1) } : {}));
  for (const name of ['argmax', 'argmin'])
    moves[name] = (d) => {
      const x = d.float({ least: 1, exact: true });
      const { option, at } = oneAxis(d, x);
      d.atLeast(x.axes[at] as Size, 1);
      const keep = d.draw.chance(0.4);
      const axes = without(x.axes, [at], keep);
      return d.call(name, [x], { axis: option, ...(keep ? { keep: flag(true) } : {}) }, { dtype: 'i64', axes, bits: 8 });
    };
  for (const name of ['all', 'any'])
    reduce(
      name,
      (d) =>
        d.tensor(
          (t) => t.dtype === 'bool' && t.axes.length > 0 && t.axes.length <= 4,
          () => d.side({ dtype: 'bool', axes: d.someAxes(2), style: 'boolean' }),
        ),
      () => ({ dtype: 'bool', bits: 1 }),
    );
  for (const name of ['softmax', 'log_softmax'])
    moves[name] = (d) => {
      const x = d.float({ least: 1 });
      return d.call(name, [x], { axis: oneAxis(d, x).option }, f32(x));
    };
  moves.cumsum = (d) => {
    const x = d.calm(d.float({ least: 1 }), 4);
    const more = d.draw.chance(0.5) ? {} : d.draw.chance(0.5) ? { exclusive: flag(true) } : { reverse: flag(true) };
    return d.call('cumsum', [x], { axis: oneAxis(d, x).option, ...more }, f32(x, x.bits + 4));
  };
  moves.topk = (d) => {
    const x = d.float({ least: 1, exact: true });
    const { option, at } = oneAxis(d, x);
    const k = d.draw.int(1, 2);
    d.atLeast(x.axes[at] as Size, k);
    const axes = x.axes.map((axis, i) => (i === at ? Size.of(k) : axis));
    const more = d.draw.chance(0.3) ? { largest: flag(false) } : {};
    return d.callSeveral(
      'topk',
      [x],
      { k: num(k), axis: option, ...more },
      [
        { dtype: 'f32', axes, bits: x.bits },
        { dtype: 'i64', axes, bits: 8 },
      ],
      d.draw.pick([
        [true, true],
        [true, false],
        [false, true],
      ]),
    );
  };
  return moves;
}

// ---------------------------------------------------------------- creation

function creation(): Record<string, Move> {
  const moves: Record<string, Move> = {};
  const fresh = (d: Draft, name: string, options: Record<string, Option | undefined>, type: DType, axes: readonly Size[], bits = 4) =>
    d.call(name, [], options, { dtype: type, axes, bits });
  for (const name of ['zeros', 'ones'])
    moves[name] = (d) => {
      const axes = d.someAxes(d.draw.int(1, 3), { bound: true });
      const type = d.draw.pick<DType>(['f32', 'f32', 'i64', 'bool']);
      return fresh(d, name, { shape: sizedList(axes), dtype: type === 'f32' ? undefined : dtype(type) }, type, axes);
    };
  moves.random_uniform = (d) => {
    const seed = d.side({ dtype: 'i32', axes: [], style: d.draw.pick(['small', 'wild']) });
    const axes = d.someAxes(d.draw.int(1, 3), { bound: true });
    return d.call(
      'random_uniform',
      [seed],
      { shape: sizedList(axes), stream: d.draw.chance(0.5) ? num(d.draw.int(1, 9)) : undefined },
      { dtype: 'f32', axes, bits: 24 },
    );
  };
  moves.full = (d) => {
    const axes = d.someAxes(d.draw.int(1, 3), { bound: true });
    const type = d.draw.pick<DType>(['f32', 'i64', 'u8']);
    const value = type === 'f32' ? d.draw.pick([0.5, -1.25, 2]) : d.draw.int(0, 9);
    return fresh(d, 'full', { shape: sizedList(axes), value: num(value), dtype: type === 'f32' ? undefined : dtype(type) }, type, axes);
  };
  moves.eye = (d) => {
    const [rows, columns] = d.someAxes(2, { bound: true }) as [Size, Size];
    const k = d.draw.chance(0.3) ? num(d.draw.int(-1, 2)) : undefined;
    const square = d.draw.chance(0.4);
    return fresh(d, 'eye', { rows: sized(rows), columns: square ? undefined : sized(columns), k }, 'f32', [rows, square ? rows : columns]);
  };
  moves.range = (d) => {
    const [end] = d.someAxes(1, { bound: true }) as [Size];
    const start = d.draw.pick([0, 0, 1, -2]);
    const step = d.draw.pick([1, 1, 2]);
    const length = end
      .minus(start)
      .plus(step - 1)
      .over(step);
    d.require(length, 0);
    const type = d.draw.pick<DType>(['i64', 'f32']);
    return fresh(
      d,
      'range',
      {
        end: sized(end),
        start: start === 0 ? undefined : num(start),
        step: step === 1 ? undefined : num(step),
        dtype: type === 'i64' ? undefined : dtype('f32'),
      },
      type,
      [length],
      6,
    );
  };
  for (const name of ['zeros_like', 'ones_like', 'full_like'])
    moves[name] = (d) => {
      const x = d.float();
      const type = d.draw.pick<DType>(['f32', 'f32', 'i64']);
      return d.call(
        name,
        [x],
        { value: name === 'full_like' ? num(d.draw.int(-3, 3)) : undefined, dtype: type === 'f32' ? undefined : dtype(type) },
        { dtype: type, axes: x.axes, bits: 4 },
      );
    };
  moves.one_hot = (d) => {
    const [depth] = d.someAxes(1, { bound: true }) as [Size];
    const ids = d.side({ dtype: 'i64', axes: d.someAxes(d.draw.int(1, 2)), style: 'ids', count: depth });
    return d.call('one_hot', [ids], { depth: sized(depth) }, { dtype: 'f32', axes: [...ids.axes, depth], bits: 1 });
  };
  moves.dim_value = (d) => {
    const names = d.someAxes(4, { bound: true }).filter((axis) => axis.isName);
    if (names.length === 0) throw new Impossible('no size is bound yet');
    const name = d.draw.pick(names).text;
    // The size, and how much less than the name its divisor is.
    const [size, less] = d.draw.pick<readonly [Size, number]>([
      [Size.named(name), 0],
      [Size.named(name).plus(3), 0],
      [Size.named(name).times(2).over(3), 0],
      [Size.of(7).modulo(Size.named(name)), 0],
      [Size.of(9).over(Size.named(name)), 0],
      [Size.of(9).over(Size.named(name).minus(1)), 1],
      [Size.of(7).modulo(Size.named(name).minus(2)), 2],
    ]);
    const x = d.float({ fits: (t) => d.magnitude(t) < 20 });
    d.program.operators.push('dim_value', 'mul');
    d.seen('size as a number at run time');
    if (!Number.isFinite(size.at(d.live.sizes))) throw new Impossible('divides by zero');
    if (less > 0) d.require(Size.named(name).minus(less), 1);
    return d.made(`${x.form === 'atom' ? x.text : `(${x.text})`} * ${size.tight}`, 'infix', f32(x, x.bits + 5), {
      compute: (run) => run.op('mul', [run.of(x), { dtype: 'f32', shape: [], data: Float64Array.of(size.at(run.sizes)) }]),
    });
  };
  return moves;
}

export const basic: Readonly<Record<string, Move>> = { ...elementwise(), ...binary(), ...reductions(), ...creation() };
