import type { DType } from '../../src/ops/types.js';
import { type Draft, flag, Impossible, list, num, type Option, sized, sizedList, word } from './draft.js';
import { type Move, someOf } from './operators-basic.js';
import { Size } from './size.js';
import { argument, operand, rounded, sameAxes, type Tensor } from './tensor.js';

/** Any tensor of at most four axes. */
function any(d: Draft, least = 0, most = 4): Tensor {
  return d.tensor(
    (t) => t.axes.length >= least && t.axes.length <= most,
    () => d.side({ dtype: 'f32', axes: d.someAxes(Math.max(least, d.draw.int(1, 3))), style: 'grid' }),
  );
}

const like = (x: Tensor, axes: readonly Size[]) => ({ dtype: x.dtype, axes, bits: x.bits, wild: x.wild });

function axisOf(d: Draft, x: Tensor): { readonly option: Option; readonly at: number } {
  return axisAt(d, x, d.draw.int(0, x.axes.length - 1));
}

/** An axis by its number, counted from either end. */
function axisAt(d: Draft, x: Tensor, at: number): { readonly option: Option; readonly at: number } {
  const written = d.draw.chance(0.4) ? at - x.axes.length : at;
  return { at, option: { text: String(written), at: () => at } };
}

const replaced = (axes: readonly Size[], at: number, ...by: readonly Size[]) => [...axes.slice(0, at), ...by, ...axes.slice(at + 1)];

function product(axes: readonly Size[]): Size {
  return axes.reduce((a, b) => a.times(b), Size.of(1));
}

const joins: Record<string, Move> = {
  concat(d) {
    const x = any(d, 1);
    const { option, at } = axisOf(d, x);
    const others = d.scope.filter(
      (t) => t.dtype === x.dtype && t.axes.length === x.axes.length && t.axes.every((axis, i) => i === at || axis.text === x.axes[i]?.text),
    );
    const parts = [x, ...Array.from({ length: d.draw.int(1, 2) }, () => d.draw.pick(others))];
    const total = parts.map((p) => p.axes[at] as Size).reduce((a, b) => a.plus(b));
    return d.call(
      'concat',
      [parts],
      { axis: option },
      { ...like(x, replaced(x.axes, at, total)), bits: Math.max(...parts.map((p) => p.bits)), wild: parts.some((p) => p.wild) },
    );
  },
  stack(d) {
    const x = any(d, 0, 3);
    const parts = [x, d.draw.pick(d.scope.filter((t) => t.dtype === x.dtype && sameAxes(t.axes, x.axes)))];
    const at = d.draw.int(0, x.axes.length);
    return d.call(
      'stack',
      [parts],
      { axis: num(at) },
      {
        ...like(x, [...x.axes.slice(0, at), Size.of(2), ...x.axes.slice(at)]),
        bits: Math.max(...parts.map((p) => p.bits)),
        wild: parts.some((p) => p.wild),
      },
    );
  },
};

const moves: Record<string, Move> = {
  ...joins,
  expand(d) {
    const x = any(d, 0, 3);
    const [more] = d.someAxes(1, { bound: true }) as [Size];
    const axes = [more, ...x.axes];
    return d.call('expand', [x], { shape: sizedList(axes) }, like(x, axes));
  },
  flatten(d) {
    const x = any(d, 2);
    const start = d.draw.int(0, x.axes.length - 2);
    const end = d.draw.int(start + 1, x.axes.length - 1);
    const axes = [...x.axes.slice(0, start), product(x.axes.slice(start, end + 1)), ...x.axes.slice(end + 1)];
    const usual = start === 1 && end === x.axes.length - 1 && d.draw.chance(0.5);
    return d.call('flatten', [x], usual ? {} : { start: num(start), end: num(end) }, like(x, axes), { piped: usual });
  },
  flip(d) {
    const x = any(d, 1);
    const { option } = someOf(d, x);
    return d.call('flip', [x], { axes: option }, like(x, x.axes));
  },
  pad(d) {
    const x = d.tensor(
      (t) => t.dtype === 'f32' && t.axes.length >= 1 && t.axes.length <= 4,
      () => d.float({ least: 1 }),
    );
    const { option, at } = axisOf(d, x);
    const [before, after] = [d.draw.int(0, 2), d.draw.int(0, 2)];
    const mode = d.draw.pick(['constant', 'constant', 'reflect', 'edge', 'wrap']);
    const axis = x.axes[at] as Size;
    if (mode === 'reflect') d.atLeast(axis, Math.max(before, after) + 1);
    if (mode === 'edge') d.atLeast(axis, 1);
    if (mode === 'wrap') d.atLeast(axis, Math.max(before, after, 1));
    const value = mode === 'constant' && d.draw.chance(0.4) ? num(0.5) : undefined;
    return d.call(
      'pad',
      [x],
      { pads: list([before, after]), axes: option, mode: mode === 'constant' ? undefined : word(mode), value },
      like(x, replaced(x.axes, at, axis.plus(before + after))),
    );
  },
  repeat_interleave(d) {
    const x = any(d, 1);
    const { option, at } = axisOf(d, x);
    const repeats = d.draw.int(1, 3);
    return d.call(
      'repeat_interleave',
      [x],
      { repeats: num(repeats), axis: option },
      like(x, replaced(x.axes, at, (x.axes[at] as Size).times(repeats))),
    );
  },
  reshape(d) {
    const x = any(d, 1);
    const at = d.draw.int(0, x.axes.length - 1);
    const whole = x.axes[at] as Size;
    const halves = whole.constant !== undefined && whole.constant % 2 === 0;
    const axes =
      d.draw.chance(0.5) && x.axes.length > 1
        ? [product(x.axes.slice(0, 2)), ...x.axes.slice(2)]
        : halves
          ? replaced(x.axes, at, Size.of(2), Size.of((whole.constant as number) / 2))
          : [...x.axes, Size.of(1)];
    const open = d.draw.int(0, axes.length - 1);
    // The size for -1 is a quotient, so the other sizes must not be 0.
    const guess = d.draw.chance(0.5) && axes.every((axis, i) => i === open || d.least(axis) >= 1);
    if (guess) d.seen('`-1` in a reshape');
    const shape = guess
      ? { text: `[${axes.map((axis, i) => (i === open ? '-1' : axis.text)).join(', ')}]`, at: sizedList(axes).at }
      : sizedList(axes);
    return d.call('reshape', [x], { shape }, like(x, axes));
  },
  roll(d) {
    const x = any(d, 1);
    const open = [...x.axes.keys()].filter((i) => x.axes[i]?.constant === undefined);
    const { option } = open.length > 0 && d.draw.chance(0.7) ? axisAt(d, x, d.draw.pick(open)) : axisOf(d, x);
    return d.call('roll', [x], { shift: num(d.draw.pick([1, -1, 2, 3, 5, -7])), axis: option }, like(x, x.axes));
  },
  slice(d) {
    // Rather an open axis: what is cut off of it may be all.
    const x = d.draw.chance(0.7) ? d.float({ least: 1, fits: (t) => t.axes.some((axis) => axis.isName) }) : any(d, 1);
    const open = [...x.axes.keys()].filter((i) => x.axes[i]?.isName === true);
    const at = open.length > 0 && d.draw.chance(0.8) ? d.draw.pick(open) : d.draw.int(0, x.axes.length - 1);
    const axis = x.axes[at] as Size;
    const least = d.least(axis);
    const forms: { text: string; starts: Size; ends: Size; step: number; size: Size; seen: string }[] = [];
    if (least >= 1) {
      for (let twice = 0; twice < 3; twice++)
        forms.push({ text: '1..', starts: Size.of(1), ends: axis, step: 1, size: axis.minus(1), seen: 'slice' });
      forms.push({ text: '0..-1', starts: Size.of(0), ends: axis.minus(1), step: 1, size: axis.minus(1), seen: 'slice from the end' });
      forms.push({ text: '-1..', starts: axis.minus(1), ends: axis, step: 1, size: Size.of(1), seen: 'slice from the end' });
      forms.push({ text: '0..1', starts: Size.of(0), ends: Size.of(1), step: 1, size: Size.of(1), seen: 'slice' });
    }
    if (least >= 2) forms.push({ text: '1..2', starts: Size.of(1), ends: Size.of(2), step: 1, size: Size.of(1), seen: 'slice' });
    forms.push({
      text: '.. by 2'.replace('..', '0..'),
      starts: Size.of(0),
      ends: axis,
      step: 2,
      size: axis.plus(1).over(2),
      seen: 'slice with a step',
    });
    if (axis.constant === undefined)
      forms.push({
        text: `0..(${axis.text}) // 2`,
        starts: Size.of(0),
        ends: axis.over(2),
        step: 1,
        size: axis.over(2),
        seen: 'slice to a size',
      });
    const form = d.draw.pick(forms);
    const range = form.text;
    const rest = x.axes.map((_, i) => (i === at ? range : ':'));
    const inner =
      at === x.axes.length - 1 && at > 0 && d.draw.chance(0.4)
        ? `.., ${range}`
        : rest.slice(0, d.draw.chance(0.5) ? at + 1 : rest.length).join(', ');
    if (inner.startsWith('..')) d.seen('`..` in an index');
    d.seen(form.seen);
    const options = { axes: list([at]), starts: sizedList([form.starts]), ends: sizedList([form.ends]), steps: list([form.step]) };
    return d.call('slice', [x], options, like(x, replaced(x.axes, at, form.size)), { text: `${operand(x)}[${inner}]` });
  },
  index_at(d) {
    const x = any(d, 1);
    const at = d.draw.int(0, x.axes.length - 1);
    const axis = x.axes[at] as Size;
    const position = d.draw.pick([0, 0, 1, -1]);
    d.atLeast(axis, position < 0 ? 1 : position + 1);
    if (position < 0) d.seen('negative index');
    d.seen('index');
    const place = position < 0 ? axis.minus(1) : Size.of(position);
    const text = `${operand(x)}[${x.axes
      .map((_, i) => (i === at ? String(position) : ':'))
      .slice(0, at + 1)
      .join(', ')}]`;
    return d.call('index_at', [x], { axis: num(at), position: sized(place) }, like(x, replaced(x.axes, at)), { text });
  },
  split(d) {
    const x = any(d, 1);
    const { option, at } = axisOf(d, x);
    const whole = (x.axes[at] as Size).constant;
    if (whole === undefined || whole < 2) throw new Impossible('cannot be split');
    const cut = d.draw.int(1, whole - 1);
    const equal = whole % 2 === 0 && d.draw.chance(0.5);
    const sizes = equal ? [whole / 2, whole / 2] : [cut, whole - cut];
    const options = equal ? { parts: num(2), axis: option } : { sizes: list(sizes), axis: option };
    return d.callSeveral(
      'split',
      [x],
      options,
      sizes.map((n) => like(x, replaced(x.axes, at, Size.of(n)))),
      d.draw.pick([
        [true, true],
        [true, false],
      ]),
    );
  },
  unsqueeze(d) {
    const x = any(d, 0, 3);
    const at = d.draw.int(0, x.axes.length);
    return d.call('unsqueeze', [x], { axes: num(at) }, like(x, [...x.axes.slice(0, at), Size.of(1), ...x.axes.slice(at)]));
  },
  squeeze(d) {
    const x = d.tensor(
      (t) => t.axes.some((axis) => axis.text === '1'),
      () => d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(1)], style: 'grid' }),
    );
    const at = x.axes.findIndex((axis) => axis.text === '1');
    return d.call('squeeze', [x], { axes: num(at) }, like(x, replaced(x.axes, at)));
  },
  tile(d) {
    const x = any(d, 1, 3);
    const repeats = x.axes.map(() => d.draw.int(1, 2));
    return d.call(
      'tile',
      [x],
      { repeats: list(repeats) },
      like(
        x,
        x.axes.map((axis, i) => axis.times(repeats[i] as number)),
      ),
    );
  },
  transpose(d) {
    const x = any(d, 2);
    if (d.draw.chance(0.4)) {
      d.seen('`.T`');
      const rank = x.axes.length;
      const perm = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
      return d.call(
        'transpose',
        [x],
        { perm: list(perm) },
        like(
          x,
          perm.map((i) => x.axes[i] as Size),
        ),
        { text: `${operand(x)}.T` },
      );
    }
    const perm = d.draw.shuffled([...x.axes.keys()]);
    return d.call(
      'transpose',
      [x],
      { perm: list(perm) },
      like(
        x,
        perm.map((i) => x.axes[i] as Size),
      ),
    );
  },
  tril: (d) => triangle(d, 'tril'),
  triu: (d) => triangle(d, 'triu'),
  pixel_shuffle(d) {
    const x = image(d, 4);
    const axes = [x.axes[0] as Size, Size.of(1), (x.axes[2] as Size).times(2), (x.axes[3] as Size).times(2)];
    return d.call('pixel_shuffle', [x], { factor: num(2) }, like(x, axes));
  },
  pixel_unshuffle(d) {
    const x = d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(2), Size.of(4), Size.of(6)], style: 'grid' });
    return d.call('pixel_unshuffle', [x], { factor: num(2) }, like(x, [x.axes[0] as Size, Size.of(8), Size.of(2), Size.of(3)]));
  },
};

function triangle(d: Draft, name: string): Tensor {
  const x = d.float({ least: 2 });
  return d.call(name, [x], d.draw.chance(0.5) ? {} : { k: num(d.draw.int(-1, 2)) }, like(x, x.axes));
}

function image(d: Draft, channels: number): Tensor {
  return d.tensor(
    (t) => t.dtype === 'f32' && !t.wild && t.axes.length === 4 && t.axes[1]?.constant === channels,
    () => d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(channels), ...d.someAxes(2)], style: 'smooth' }),
  );
}

// ---------------------------------------------------------------- products and positions

const products: Record<string, Move> = {
  matmul(d) {
    const a = d.calm(d.float({ least: 2 }), 4);
    const inner = a.axes.at(-1) as Size;
    const [columns] = d.someAxes(1) as [Size];
    const lead = a.axes.slice(0, -2);
    const b = d.side({ dtype: 'f32', axes: [...(d.draw.chance(0.5) ? lead : []), inner, columns], style: 'smooth' });
    return d.call(
      'matmul',
      [a, b],
      {},
      { dtype: 'f32', axes: [...a.axes.slice(0, -1), columns] },
      d.draw.chance(0.8) ? { infix: '@' } : {},
    );
  },
  einsum(d) {
    const a = d.calm(d.float({ rank: 2 }), 4);
    const [i, j] = a.axes as [Size, Size];
    const [k] = d.someAxes(1) as [Size];
    const b = d.side({ dtype: 'f32', axes: [j, k], style: 'smooth' });
    const forms: readonly [string, readonly Size[], readonly Tensor[]][] = [
      ['ij,jk->ik', [i, k], [a, b]],
      ['ij,jk->ki', [k, i], [a, b]],
      ['ij->ji', [j, i], [a]],
      ['ij->i', [i], [a]],
      ['ij,ij->', [], [a, a]],
      ['ij,jk->', [], [a, b]],
    ];
    const [equation, axes, parts] = d.draw.pick(forms);
    d.seen('einsum');
    return d.call(
      'einsum',
      [parts],
      { equation: word(equation) },
      { dtype: 'f32', axes },
      { text: `einsum(${parts.map(argument).join(', ')}, equation = "${equation}")` },
    );
  },
  embedding(d) {
    const rows = d.someAxes(1)[0] as Size;
    const weight = d.side({ dtype: 'f32', axes: [rows, ...d.someAxes(1)], style: 'smooth' });
    const ids = d.side({ dtype: 'i64', axes: d.someAxes(d.draw.int(1, 2)), style: 'ids', count: rows });
    return d.call('embedding', [weight, ids], {}, { dtype: 'f32', axes: [...ids.axes, weight.axes[1] as Size] });
  },
  gather(d) {
    const x = any(d, 1, 3);
    const { option, at } = axisOf(d, x);
    d.require(x.axes[at] as Size, 1);
    const ids = d.side({ dtype: 'i64', axes: d.someAxes(d.draw.int(1, 2)), style: 'ids', count: x.axes[at] as Size });
    return d.call('gather', [x, ids], { axis: option }, like(x, replaced(x.axes, at, ...ids.axes)));
  },
  gather_elements(d) {
    const x = any(d, 1, 3);
    const { option, at } = axisOf(d, x);
    d.require(x.axes[at] as Size, 1);
    const ids = d.side({ dtype: 'i64', axes: replaced(x.axes, at, ...d.someAxes(1)), style: 'ids', count: x.axes[at] as Size });
    return d.call('gather_elements', [x, ids], { axis: option }, like(x, ids.axes));
  },
  gather_nd(d) {
    const x = any(d, 1, 3);
    d.require(x.axes[0] as Size, 1);
    const ids = d.side({ dtype: 'i64', axes: [...d.someAxes(1), Size.of(1)], style: 'ids', count: x.axes[0] as Size });
    return d.call('gather_nd', [x, ids], {}, like(x, [ids.axes[0] as Size, ...x.axes.slice(1)]));
  },
  scatter_elements(d) {
    const x = d.calm(d.float({ least: 1 }));
    const { option, at } = axisOf(d, x);
    const axis = x.axes[at] as Size;
    d.require(axis, 1);
    // One update a row, so that the order of updates does not matter.
    const axes = replaced(x.axes, at, Size.of(1));
    const ids = d.side({ dtype: 'i64', axes, style: 'ids', count: axis });
    const updates = d.side({ dtype: 'f32', axes, style: 'grid' });
    const reduction = d.draw.pick(['none', 'add', 'mul', 'max', 'min']);
    return d.call(
      'scatter_elements',
      [x, ids, updates],
      { axis: option, ...(reduction === 'none' ? {} : { reduction: word(reduction) }) },
      like(x, x.axes),
    );
  },
  scatter_nd(d) {
    const x = d.calm(d.float({ least: 1 }));
    d.require(x.axes[0] as Size, 1);
    const ids = d.side({ dtype: 'i64', axes: [Size.of(1), Size.of(1)], style: 'ids', count: x.axes[0] as Size });
    const updates = d.side({ dtype: 'f32', axes: [Size.of(1), ...x.axes.slice(1)], style: 'grid' });
    const reduction = d.draw.pick(['none', 'add', 'mul', 'max', 'min']);
    return d.call('scatter_nd', [x, ids, updates], reduction === 'none' ? {} : { reduction: word(reduction) }, like(x, x.axes));
  },
  attention(d) {
    const [n, t, s] = d.someAxes(3) as [Size, Size, Size];
    const width = Size.of(d.draw.int(1, 4));
    const heads = Size.of(d.draw.int(1, 2));
    const q = d.side({ dtype: 'f32', axes: [n, heads, t, width], style: 'smooth' });
    const k = d.side({ dtype: 'f32', axes: [n, heads, s, width], style: 'smooth' });
    const v = d.side({ dtype: 'f32', axes: [n, heads, s, Size.of(d.draw.int(1, 3))], style: 'smooth' });
    const mask = d.draw.chance(0.6) ? d.side({ dtype: d.draw.pick<DType>(['bool', 'f32']), axes: [t, s], style: 'boolean' }) : undefined;
    // `causal` lets query i see the keys up to i: the same number of both, or the last queries.
    const causal = d.draw.chance(0.4) && t.text === s.text;
    return d.call('attention', [q, k, v, mask], causal ? { causal: flag(true) } : {}, {
      dtype: 'f32',
      axes: [n, heads, t, v.axes[3] as Size],
      bits: rounded,
    });
  },
};

export const shapes: Readonly<Record<string, Move>> = { ...moves, ...products };
