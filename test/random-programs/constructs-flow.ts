import type { NdArray } from '../../src/ops/types.js';
import { type Draft, Impossible } from './draft.js';
import { fill } from './fill.js';
import type { Move } from './operators-basic.js';
import { Run } from './run.js';
import type { Size } from './size.js';
import { argument, isExact, operand, rounded, type Source, sameAxes, type Tensor, typeText } from './tensor.js';

const one = (values: readonly NdArray[]): NdArray => values[0] as NdArray;

/** One step of a scan: the values of its block are computed again, and those around it are those of the run. */
class Step extends Run {
  readonly #outer: Run;
  readonly #isOuter: (source: object) => boolean;

  constructor(outer: Run, isOuter: (source: object) => boolean, given: ReadonlyMap<Tensor, NdArray>) {
    super(outer.world, outer.sizes, given, outer.path);
    this.#outer = outer;
    this.#isOuter = isOuter;
  }

  override all(source: { compute(run: Run): readonly NdArray[] }): readonly NdArray[] {
    return this.#isOuter(source) ? this.#outer.all(source) : super.all(source);
  }
}

/** Draws lines whose names stay inside; new inputs are visible after them. */
function inside<T>(d: Draft, body: () => T): T {
  const before = [...d.scope];
  const made = body();
  const inputs = d.scope.filter(
    (t, i) => i >= before.length && t.source.isInput === true && d.scope.findIndex((o) => o.source === t.source) === i,
  );
  d.scope.splice(0, d.scope.length, ...before, ...inputs);
  return made;
}

function calm(d: Draft, fits: (tensor: Tensor) => boolean): Tensor {
  return d.calm(d.float({ fits: (t) => t.axes.length <= 3 && fits(t) }), 6);
}

/** A condition that small differences do not change, and what decides it. */
function condition(d: Draft): { readonly text: string; readonly holds: (run: Run) => boolean } {
  const x = d.tensor(
    (t) => isExact(t) && t.dtype === 'f32' && !t.wild && t.axes.length <= 3 && d.magnitude(t) <= 64,
    () => d.side({ dtype: 'f32', axes: d.someAxes(d.draw.int(0, 2)), style: 'grid' }),
  );
  const limit = d.draw.pick([-0.125, 0.125, 0.625]);
  const form = d.draw.pick(['sum', 'any', 'all'] as const);
  d.program.operators.push('greater', ...(form === 'sum' ? ['sum'] : [form]));
  const over = (run: Run) => run.of(x).data.map((value) => (value > limit ? 1 : 0));
  if (form === 'any') return { text: `any(${operand(x)} > ${limit})`, holds: (run) => over(run).includes(1) };
  if (form === 'all') return { text: `all(${operand(x)} > ${limit})`, holds: (run) => !over(run).includes(0) };
  return { text: `sum(${argument(x)}) > ${limit}`, holds: (run) => run.of(x).data.reduce((a, b) => a + b, 0) > limit };
}

function cond(d: Draft): Tensor {
  const { text, holds } = condition(d);
  const isNegated = d.draw.chance(0.3);
  const [v, w] = [d.name('v'), d.name('v')];
  const several = d.draw.chance(0.3);
  d.seen('`cond`', ...(several ? ['`cond` with a tuple'] : []));
  d.line(`${several ? `(${v}, ${w})` : v} = cond ${isNegated ? `!(${text})` : text} {`);
  const side = (axes: readonly Size[] | undefined) =>
    inside(d, () => {
      let result: Tensor | undefined;
      d.indented(() => {
        fill(d, d.draw.int(1, 3), 0.3);
        result = axes === undefined ? calm(d, () => true) : d.calm(d.like(axes, 'f32', 'smooth'), 6);
        d.line(several ? `(${argument(result)}, ${operand(result)} * 2)` : result.text);
      });
      return result as Tensor;
    });
  const yes = side(undefined);
  d.line('} else {');
  const no = side(yes.axes);
  d.line('}');
  const taken = (run: Run) => run.of(holds(run) !== isNegated ? yes : no);
  const result = (name: string, source: Source, index: number): Tensor =>
    d.keep({ text: name, form: 'atom', dtype: 'f32', axes: yes.axes, bits: rounded, wild: false, source, index });
  if (several) {
    d.program.operators.push('mul');
    const two: NdArray = { dtype: 'f32', shape: [], data: Float64Array.of(2) };
    const source = { compute: (run: Run) => [taken(run), one(run.op('mul', [taken(run), two]))] };
    result(v, source, 0);
    return result(w, source, 1);
  }
  return result(v, { compute: (run: Run) => [taken(run)] }, 0);
}

function scan(d: Draft): Tensor {
  const x = calm(d, (t) => t.axes.length >= 1);
  const axis = d.draw.int(0, x.axes.length - 1);
  const length = x.axes[axis] as Size;
  const others = d.scope.flatMap((t) => {
    const at = t.axes.findIndex((size) => size.text === length.text);
    return at >= 0 && t.dtype === 'f32' && !t.wild && t.axes.length <= 3 && d.magnitude(t) <= 20 ? [{ tensor: t, axis: at }] : [];
  });
  const operands = [{ tensor: x, axis }, ...(others.length > 0 && d.draw.chance(0.4) ? [d.draw.pick(others)] : [])];
  const isReversed = d.draw.chance(0.4);
  const items = operands.map((from) => local(d.name('a'), from.tensor.axes.toSpliced(from.axis, 1)));
  const carried = local(d.name('h'), (items[0] as Tensor).axes);
  if (!carried.axes.every((size) => d.bound(size))) throw new Impossible('a size without a name');
  const sliceAt = (run: Run, i: number, at: number) => {
    const from = operands[i] as (typeof operands)[number];
    const part = run.op('slice', [run.of(from.tensor)], { axes: [from.axis], starts: [at], ends: [at + 1] });
    return one(run.op('squeeze', part, { axes: [from.axis] }));
  };
  const shapeOf = (t: Tensor, run: Run) => t.axes.map((size) => size.at(run.sizes));
  const filled = (shape: readonly number[], value: number): NdArray => {
    return { dtype: 'f32', shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value) };
  };
  const start = d.draw.pick(['zeros', 'ones', '0.5', 'tensor'] as const);
  const given = start === 'tensor' ? d.calm(d.like(carried.axes, 'f32', 'smooth'), 6) : undefined;
  const initial = (run: Run) =>
    given === undefined ? filled(shapeOf(carried, run), { zeros: 0, ones: 1, '0.5': 0.5, tensor: 0 }[start]) : run.of(given);
  const axisText = (from: { readonly tensor: Tensor; readonly axis: number }) =>
    String(d.draw.chance(0.2) ? from.axis - from.tensor.axes.length : from.axis);
  const axes = operands.map(axisText);
  const isOneAxis = new Set(axes).size === 1 && d.draw.chance(0.5);
  const stackAxis = Number(axes[0]);
  const pattern = items.length === 1 ? items[0]?.text : `(${items.map((t) => t.text).join(', ')})`;
  const over = operands.length === 1 ? operand(x) : `(${operands.map(({ tensor }) => argument(tensor)).join(', ')})`;
  const axisList = operands.length === 1 || isOneAxis ? axes[0] : `(${axes.join(', ')})`;
  const [y, inner] = [d.name('v'), d.draw.int(1, 4)];
  d.seen('`scan`', ...(isReversed ? ['`scan` in reverse'] : []), ...(operands.length > 1 ? ['`scan` over two tensors'] : []));
  d.program.operators.push('tanh', 'mul', 'add');
  d.line(
    `scan ${pattern} over ${over} axis ${axisList}${isReversed ? ' reverse' : ''} carry ${carried.text}: ${typeText('f32', carried.axes)} = ${given === undefined ? start : operand(given)} {`,
  );
  const isEmpty = length.at(d.live.sizes) === 0;
  for (const [i, item] of items.entries()) d.live.give(item, isEmpty ? filled(shapeOf(item, d.live), 0) : sliceAt(d.live, i, 0));
  d.live.give(carried, initial(d.live));
  const outer = new Set<object>(d.scope.map((t) => t.source));
  const { next, emitted } = inside(d, () => {
    for (const t of [...items, carried]) d.keep(t);
    let results: { readonly next: Tensor; readonly emitted: Tensor } | undefined;
    d.indented(() => {
      fill(d, inner, 0);
      if (d.draw.chance(0.25)) cond(d);
      if (d.draw.chance(0.15) && d.program.operators.length < 60) scan(d);
      const change = d.tensor((t) => t.dtype === 'f32' && !t.wild && sameAxes(t.axes, carried.axes));
      const leaves = d.tensor(
        (t) => t.dtype === 'f32' && !t.wild && t.axes.length <= 3 && t.axes.length >= (stackAxis < 0 ? -stackAxis - 1 : stackAxis),
      );
      const bounded = d.magnitude(leaves) > 6 ? `tanh(${argument(leaves)})` : argument(leaves);
      d.line(`emit ${y} = ${bounded}`);
      d.line(`next ${carried.text} = ${carried.text} * 0.5 + tanh(${argument(change)})`);
      const isBounded = bounded !== argument(leaves);
      results = {
        next: derived(carried.axes, (run) => {
          const half = one(run.op('mul', [run.of(carried), filled([], 0.5)]));
          return one(run.op('add', [half, one(run.op('tanh', [run.of(change)]))]));
        }),
        emitted: derived(leaves.axes, (run) => (isBounded ? one(run.op('tanh', [run.of(leaves)])) : run.of(leaves))),
      };
    });
    for (const t of d.scope) if (t.source.isInput === true) outer.add(t.source);
    return results as NonNullable<typeof results>;
  });
  d.line('}');
  const at = stackAxis < 0 ? stackAxis + emitted.axes.length + 1 : stackAxis;
  const source: Source = {
    compute: (run) => {
      const count = length.at(run.sizes);
      let state = initial(run);
      const steps: NdArray[] = [];
      for (let i = 0; i < count; i++) {
        const place = isReversed ? count - 1 - i : i;
        const values = new Map(items.map((item, k) => [item, sliceAt(run, k, place)]));
        const step = new Step(run, (other) => outer.has(other), new Map([...values, [carried, state]]));
        steps[place] = step.of(emitted);
        state = step.of(next);
        if (step.sawEmpty) run.sawEmpty = true;
      }
      const shape = emitted.axes.toSpliced(at, 0, length).map((size) => size.at(run.sizes));
      const stacked = count === 0 ? filled(shape, 0) : one(run.op('stack', [steps], { axis: at }));
      return [stacked, state];
    },
  };
  d.keep({ text: carried.text, form: 'atom', dtype: 'f32', axes: carried.axes, bits: rounded, wild: false, source, index: 1 });
  return d.keep({
    text: y,
    form: 'atom',
    dtype: 'f32',
    axes: emitted.axes.toSpliced(at, 0, length),
    bits: rounded,
    wild: false,
    source,
    index: 0,
  });
}

/** A tensor that each step of a scan has another value of. */
function local(text: string, axes: readonly Size[]): Tensor {
  const compute = (): readonly NdArray[] => {
    throw new Error(`${text} is not known outside of its scan`);
  };
  return { text, form: 'atom', dtype: 'f32', axes, source: { compute }, index: 0, bits: rounded, wild: false };
}

function derived(axes: readonly Size[], compute: (run: Run) => NdArray): Tensor {
  const source = { compute: (run: Run) => [compute(run)] };
  return { text: '', form: 'atom', dtype: 'f32', axes, source, index: 0, bits: rounded, wild: false };
}

/** Moves that decide or repeat at run time. */
export const flow: Readonly<Record<string, Move>> = { cond, scan };
