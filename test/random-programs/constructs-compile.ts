import type { NdArray } from '../../src/ops/types.js';
import { type Draft, Impossible } from './draft.js';
import type { Draw } from './draw.js';
import type { Move } from './operators-basic.js';
import type { Run } from './run.js';
import { Size } from './size.js';
import { operand, rounded, type Tensor } from './tensor.js';

/** A compile-time expression with its value. */
interface Constant {
  readonly text: string;
  readonly value: number;
  readonly kind: 'int' | 'float';
}

const int = (text: string, value: number): Constant => ({ text, value, kind: 'int' });
const real = (text: string, value: number): Constant => ({ text, value, kind: 'float' });

function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** An integer, written as arithmetic. */
function integer(draw: Draw, depth = 0): Constant {
  const a = draw.int(-9, 9);
  if (depth > 2 || draw.chance(0.3)) return int(a < 0 ? `(${a})` : String(a), a);
  const x = integer(draw, depth + 1);
  const y = integer(draw, depth + 1);
  const b = draw.pick([1, 2, 3, 5]);
  return draw.pick([
    () => int(`(${x.text} + ${y.text})`, x.value + y.value),
    () => int(`(${x.text} - ${y.text})`, x.value - y.value),
    () => int(`(${x.text} * ${y.text})`, x.value * y.value),
    () => int(`(${x.text} // ${b})`, Math.floor(x.value / b)),
    () => int(`(${x.text} % ${b})`, x.value - b * Math.floor(x.value / b)),
    () => int(`${x.text} ** 2`, x.value ** 2),
    () => int(`max(${x.text}, ${y.text})`, Math.max(x.value, y.value)),
    () => int(`min([${x.text}, ${y.text}])`, Math.min(x.value, y.value)),
    () => int(`abs(${x.text})`, Math.abs(x.value)),
    () => int(`sum([${x.text}, ${y.text}, 1])`, x.value + y.value + 1),
    () => int(`round(${x.text} / 2.0)`, roundHalfEven(x.value / 2)),
    () => int(`floor(${x.text} * 0.5)`, Math.floor(x.value / 2)),
    () => int(`ceil(${x.text} * 0.5)`, Math.ceil(x.value / 2)),
    () => int(`int(${x.text} * 0.5)`, Math.trunc(x.value / 2)),
    () => int(`len([${x.text}, ${y.text}])`, 2),
    () => int(`(if ${x.text} > ${y.text} { ${x.text} } else { ${y.text} })`, Math.max(x.value, y.value)),
    () => int(`(if ${x.text} == ${y.text} || !(${x.text} <= ${y.text}) { 1 } else { 2 })`, x.value >= y.value ? 1 : 2),
    () =>
      int(
        `(if ${x.text} in [${y.text}, 1] && ${x.text} != 2 { 3 } else { 4 })`,
        (x.value === y.value || x.value === 1) && x.value !== 2 ? 3 : 4,
      ),
    () => int(`[${x.text}, ${y.text}, 5][-1]`, 5),
    () => int(`last([1, *[${x.text}], ${y.text}])`, y.value),
    () => int(`([${x.text}] + [${y.text}])[1]`, y.value),
    () => int(`reverse([${x.text}, ${y.text}])[0]`, y.value),
    () => int(`[v * 2 for v in [${x.text}, ${y.text}]][0]`, 2 * x.value),
    () => int(`sum([i * ${x.text} for i in 0..3])`, 3 * x.value),
    () => int(`len(0..4)`, 4),
    () => int(`[3, 4, 5][1..][0]`, 4),
    () => int(`sum([i for i in indices([7, 7, 7])])`, 3),
    () => int(`sum(repeat(${x.text}, 2))`, 2 * x.value),
    // No string is inside the braces of another one.
    () => int(`(if "k{${x.text.includes('"') ? x.value : x.text}}" == "k${x.value}" { 6 } else { 7 })`, 6),
  ])();
}

function number(draw: Draw): Constant {
  if (draw.chance(0.5)) return integer(draw);
  const x = draw.pick([0.5, 1.25, -0.75, 2.5, 1e-2]);
  return draw.pick([
    () => real(String(x), x),
    () => real(`sqrt(${Math.abs(x)})`, Math.sqrt(Math.abs(x))),
    () => real(`exp(${x}) * pi`, Math.exp(x) * Math.PI),
    () => real(`float(3) / 2`, 1.5),
    () => real(`log(abs(${x}) + 1)`, Math.log(Math.abs(x) + 1)),
    () => real(`tanh(${x}) + sin(${x}) - cos(${x})`, Math.tanh(x) + Math.sin(x) - Math.cos(x)),
    () => real(`2.0 ** ${x}`, 2 ** x),
    () => real(`(2 ** -1)`, 0.5),
    () => real(`(${x} // 0.5)`, Math.floor(x / 0.5)),
    () => real(`max(${x}, 1)`, Math.max(x, 1)),
  ])();
}

/** What the expressions above are made of, for the list of what was seen. */
const parts: readonly [string, RegExp][] = [
  ['`//` and `%` at compile time', /\/\/|%/],
  ['`**`', /\*\*/],
  ['`if` as an expression', /if /],
  ['`in`, `&&`, `||`, `!` at compile time', / in \[|\|\||&&/],
  ['list functions', /len|last|reverse|indices|repeat|sum\(/],
  ['lists: items, spread, sum, slice', /\]\[|\*\[|\] \+ \[/],
  ['comprehension', / for /],
  ['range', /\d\.\.\d/],
  ['string with a value in it', /"/],
  ['rounding at compile time', /round|floor|ceil|int\(/],
  ['`pi`', /pi/],
  ['numeric functions at compile time', /sqrt|exp|log|tanh|abs|min|max/],
];

function scalar(value: number): NdArray {
  return { dtype: 'f32', shape: [], data: Float64Array.of(value) };
}

/** `x * c` and the like, with a number of the compiler. */
function scaled(d: Draft, x: Tensor, text: string, value: number): Tensor {
  const op = Math.abs(value) > 40 ? 'div' : d.draw.pick(['mul', 'add', 'sub']);
  if (op === 'div' && value === 0) throw new Impossible('divides by zero');
  const symbol = { mul: '*', add: '+', sub: '-', div: '/' }[op] as string;
  d.program.operators.push(op);
  d.seen('number as an operand');
  return d.made(
    `${operand(x)} ${symbol} ${/^[\w.]+$|^\w+\([^()]*\)$/.test(text) ? text : `(${text})`}`,
    'infix',
    { dtype: 'f32', axes: x.axes },
    {
      compute: (run) => run.op(op, [run.of(x), scalar(Math.fround(value))]),
    },
  );
}

function constant(d: Draft): Constant {
  const made = number(d.draw);
  if (!Number.isFinite(made.value) || Math.abs(made.value) > 1e6) throw new Impossible('too large');
  for (const [seen, pattern] of parts) if (pattern.test(made.text)) d.seen(seen);
  return made;
}

function float(d: Draft): Tensor {
  return d.calm(d.float({ fits: (t) => t.axes.length <= 3 }), 6);
}

/** A variable that is assigned step by step; `values` are what it is after each step. */
function steps(
  d: Draft,
  start: Tensor,
  name: string,
  turns: readonly ((run: Run, value: NdArray) => NdArray)[],
  axes = start.axes,
): Tensor {
  return d.keep({
    text: name,
    form: 'atom',
    dtype: 'f32',
    axes,
    index: 0,
    bits: rounded,
    wild: false,
    source: { compute: (run) => [turns.reduce((value, turn) => turn(run, value), run.of(start))] },
  });
}

const mul = (run: Run, value: NdArray, by: number) => run.op('mul', [value, scalar(Math.fround(by))])[0] as NdArray;
const add = (run: Run, value: NdArray, by: number) => run.op('add', [value, scalar(Math.fround(by))])[0] as NdArray;

export const compileTime: Readonly<Record<string, Move>> = {
  inlineNumber(d) {
    const { text, value } = constant(d);
    return scaled(d, float(d), text, value);
  },
  letConstant(d) {
    const { text, value } = constant(d);
    const x = float(d);
    const name = d.name('k');
    d.seen('`let` constant');
    if (d.draw.chance(0.3)) {
      d.program.declarations.push(`let ${name} = ${text}`);
      d.seen('`let` of the file');
    } else d.line(`let ${name} = ${text}`);
    return scaled(d, x, name, value);
  },
  letFunctionOfNumbers(d) {
    const name = d.name('g');
    const x = float(d);
    const [a, b] = [d.draw.int(1, 30), d.draw.int(1, 8)];
    d.seen('`let` function');
    d.program.declarations.push(`let ${name}(v, d) = max(d, (v + d // 2) // d * d)`);
    return scaled(d, x, `${name}(${a}, ${d.draw.chance(0.5) ? '' : 'd = '}${b})`, Math.max(b, Math.floor((a + Math.floor(b / 2)) / b) * b));
  },
  letFunctionOfTensors(d) {
    const name = d.name('g');
    const x = float(d);
    const k = d.draw.pick([0.5, 1.5, -2]);
    d.seen('`let` function of tensors');
    d.program.operators.push('mul', 'tanh');
    if (d.draw.chance(0.5)) d.program.declarations.push(`let ${name}(x, k) = tanh(x * k)`);
    else d.line(`let ${name}(x, k) = tanh(x * k)`);
    const piped = d.draw.chance(0.5);
    return d.made(
      piped ? `${x.text} -> ${name}(${k})` : `${name}(${x.form === 'pipe' ? operand(x) : x.text}, ${k})`,
      piped ? 'pipe' : 'atom',
      { dtype: 'f32', axes: x.axes },
      {
        compute: (run) => run.op('tanh', [mul(run, run.of(x), k)]),
      },
    );
  },
  closure(d) {
    const x = float(d);
    const [k, f] = [d.name('k'), d.name('g')];
    const value = d.draw.int(1, 4);
    d.seen('`let` function that sees a variable');
    d.program.operators.push('mul');
    d.line(`${k} = ${value}`);
    d.line(`let ${f}(v) = v * ${k}`);
    d.line(`${k} = 7`); // The function keeps the value of its definition's body at the time of the call.
    return d.made(
      `${f}(${x.form === 'pipe' ? operand(x) : x.text})`,
      'atom',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => [mul(run, run.of(x), 7)] },
    );
  },
  forRange(d) {
    const x = float(d);
    const name = d.name('v');
    const [from, to] = [d.draw.int(0, 2), d.draw.int(2, 4)];
    const i = d.name('i');
    d.seen('`for` over a range', 'range', 'rebinding');
    d.program.operators.push('mul', 'add');
    d.line(`${name} = ${x.text}`);
    d.block(`for ${i} in ${from}..${to} {`, () => d.line(`${name} = ${name} * 0.5 + ${i}`));
    return steps(
      d,
      x,
      name,
      Array.from({ length: Math.max(0, to - from) }, (_, n) => (run, value) => add(run, mul(run, value, 0.5), from + n)),
    );
  },
  forList(d) {
    const x = float(d);
    const name = d.name('v');
    const values = Array.from({ length: d.draw.int(1, 3) }, () => d.draw.pick([0.5, 1, -1.5, 2]));
    const form = d.draw.pick(['plain', 'enumerate', 'zip', 'nested'] as const);
    d.program.operators.push('mul', 'add');
    d.line(`${name} = ${x.text}`);
    const items = `[${values.join(', ')}]`;
    const [i, v] = [d.name('i'), d.name('u')];
    const head = {
      plain: `for ${v} in ${items} {`,
      enumerate: `for (${i}, ${v}) in enumerate(${items}) {`,
      zip: `for (${v}, ${i}) in zip(${items}, [${values.map((_, n) => n).join(', ')}]) {`,
      nested: `for (${i}, (${v}, _)) in enumerate(zip(${items}, ${items})) {`,
    }[form];
    d.seen('`for` over a list', 'rebinding', ...(form === 'plain' ? [] : ['pattern in a `for`']));
    d.block(head, () => d.line(`${name} = ${name} * ${v} + ${form === 'plain' ? 1 : i}`));
    return steps(
      d,
      x,
      name,
      values.map((value, n) => (run, t) => add(run, mul(run, t, value), form === 'plain' ? 1 : n)),
    );
  },
  forShapes(d) {
    const x = d.float({ fits: (t) => t.axes.length <= 2 });
    const name = d.name('v');
    d.seen('`for` that changes the shape', 'rebinding');
    d.program.operators.push('stack');
    d.line(`${name} = ${x.text}`);
    const turns = d.draw.int(1, 2);
    d.block(`for _ in 0..${turns} {`, () => d.line(`${name} = stack(${name}, ${name}, axis = 0)`));
    const two = Array.from({ length: turns }, () => 2);
    const axes = [...two.map((n) => Size.of(n)), ...x.axes];
    return steps(
      d,
      x,
      name,
      two.map(() => (run, t) => run.op('stack', [[t, t]], { axis: 0 })[0] as NdArray),
      axes,
    );
  },
  ifStatement(d) {
    const x = float(d);
    const name = d.name('v');
    const a = constant(d);
    const b = constant(d);
    const otherwise = d.draw.chance(0.5);
    d.seen('`if` statement', ...(otherwise ? ['`else if`'] : []));
    d.program.operators.push('mul');
    d.line(`${name} = ${x.text}`);
    d.block(`if ${a.text} > ${b.text} {`, () => d.line(`${name} = ${name} * 2`), otherwise ? undefined : '}');
    if (otherwise) {
      d.lines.pop();
      d.block(`} else if ${a.text} == ${b.text} {`, () => d.line(`${name} = ${name} * 3`), '} else {');
      d.indented(() => d.line(`${name} = -${name}`));
      d.line('}');
    }
    const factor = a.value > b.value ? 2 : otherwise ? (a.value === b.value ? 3 : -1) : 1;
    return steps(d, x, name, [(run, t) => mul(run, t, factor)]);
  },
  ifExpression(d) {
    const x = float(d);
    const a = constant(d);
    const positive = a.value > 0;
    d.seen('`if` as an expression');
    d.program.operators.push('relu');
    return d.made(
      `if ${a.text} > 0 { ${x.text} } else { ${x.text} -> relu }`,
      'pipe',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => (positive ? [run.of(x)] : run.op('relu', [run.of(x)])) },
      { bind: true },
    );
  },
  listOfTensors(d) {
    const x = float(d);
    const name = d.name('all');
    const count = d.draw.int(2, 3);
    d.seen('list of tensors', 'comprehension');
    d.program.operators.push('mul');
    d.line(`${name} = [${operand(x)} * i for i in 1..${count + 1}]`);
    const item = (run: Run, i: number) => mul(run, run.of(x), i + 1);
    const form = d.draw.pick(['sum', 'last', 'index', 'concat', 'max'] as const);
    if (form === 'last')
      return d.made(`last(${name})`, 'atom', { dtype: 'f32', axes: x.axes }, { compute: (run) => [item(run, count - 1)] });
    if (form === 'index') return d.made(`${name}[-${count}]`, 'atom', { dtype: 'f32', axes: x.axes }, { compute: (run) => [item(run, 0)] });
    const all = (run: Run) => Array.from({ length: count }, (_, i) => item(run, i));
    if (form === 'concat') {
      if (x.axes.length === 0) throw new Impossible('a scalar');
      d.program.operators.push('concat');
      const [first, ...rest] = x.axes as [Tensor['axes'][number], ...Tensor['axes']];
      return d.made(
        `concat([*${name}, ${x.form === 'pipe' ? operand(x) : x.text}], axis = 0)`,
        'atom',
        { dtype: 'f32', axes: [first.times(count + 1), ...rest] },
        { compute: (run) => run.op('concat', [[...all(run), run.of(x)]], { axis: 0 }) },
      );
    }
    const op = form === 'sum' ? 'add' : 'maximum';
    d.program.operators.push(op);
    return d.made(
      `${form}(${name})`,
      'atom',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => [all(run).reduce((a, b) => run.op(op, [a, b])[0] as NdArray)] },
    );
  },
  tuples(d) {
    const x = float(d);
    const [a, b] = [d.name('v'), d.name('v')];
    d.seen('tuple', 'tuple pattern');
    d.program.operators.push('relu');
    d.line(`(${a}, ${b}) = (${x.text}, relu(${x.form === 'pipe' ? operand(x) : x.text}))`);
    d.keep({ ...x, text: a, form: 'atom', bits: rounded });
    return d.keep({ ...x, text: b, form: 'atom', bits: rounded, index: 0, source: { compute: (run) => run.op('relu', [run.of(x)]) } });
  },
  assertion(d) {
    const a = constant(d);
    d.seen('`assert`');
    d.line(`assert ${a.text} <= ${a.value + 1}${d.draw.chance(0.5) ? ', "too large"' : ''}`);
    return scaled(d, float(d), a.text, a.value);
  },
  comment(d) {
    d.seen('comment');
    d.line('# What follows is drawn at random.');
    return scaled(d, float(d), '2', 2);
  },
};
