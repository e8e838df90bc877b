import type { DType, NdArray } from '../../src/ops/types.js';
import { stored } from './body.js';
import { type Draft, Impossible } from './draft.js';
import type { Move } from './operators-basic.js';
import type { Run } from './run.js';
import { Size } from './size.js';
import { argument, operand, rounded, shapeText, type Tensor, typeText } from './tensor.js';

const scalar = (value: number, dtype: DType = 'f32'): NdArray => ({
  dtype,
  shape: [],
  data: Float64Array.of(dtype === 'f32' ? Math.fround(value) : value),
});
const one = (values: readonly NdArray[]): NdArray => values[0] as NdArray;

function float(d: Draft, rank?: number): Tensor {
  return d.calm(d.float({ ...(rank === undefined ? {} : { rank }), fits: (t) => t.axes.length <= 3 }), 6);
}

/** What only the model itself may do: it states facts about its inputs, and has hyperparameters that a build sets. */
function onlyMain(d: Draft): void {
  if (d !== d.program.main) throw new Impossible('only in the model');
}

function keepAs(d: Draft, x: Tensor, compute: (run: Run) => readonly NdArray[], text: string, axes = x.axes): Tensor {
  return d.made(text, 'pipe', { dtype: 'f32', axes }, { compute }, { bind: true });
}

/** A hyperparameter of the model with a default, which the build may set to something else. */
function hyper(d: Draft, kind: string, fallback: string, set: string): string {
  onlyMain(d);
  const name = d.name('h');
  d.program.hyper.push(kind === '' ? `${name} = ${fallback}` : fallback === '' ? `${name}: ${kind}` : `${name}: ${kind} = ${fallback}`);
  if (set !== fallback) d.program.set[name] = set;
  d.seen('hyperparameter of the model', ...(set !== fallback ? ['`--set`'] : []));
  return name;
}

export const tensors: Readonly<Record<string, Move>> = {
  ascription(d) {
    const x = float(d);
    const typed = d.draw.chance(0.4);
    const bound = x.axes.every((axis) => d.bound(axis));
    if (!bound) throw new Impossible('a size without a name');
    d.seen(typed ? '`as` with an element type' : '`as`');
    return keepAs(d, x, (run) => [run.of(x)], `${x.text} as ${typed ? `Tensor<f32>${shapeText(x.axes)}` : shapeText(x.axes)}`);
  },
  rearrange(d) {
    const forms: readonly (() => Tensor)[] = [
      () => {
        const x = float(d, 2);
        const [a, b] = x.axes as [Size, Size];
        if (a.text === b.text) throw new Impossible('one name twice');
        const [p, q] = ['p', 'q'];
        return d.made(
          `${x.text} -> rearrange([${p}, ${q}] => [${q}, 1, ${p}])`,
          'pipe',
          { dtype: 'f32', axes: [b, Size.of(1), a], bits: x.bits },
          {
            compute: (run) => run.op('unsqueeze', [one(run.op('transpose', [run.of(x)], { perm: [1, 0] }))], { axes: [1] }),
          },
        );
      },
      () => {
        const x = d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(6)], style: 'smooth' });
        const [a] = x.axes as [Size];
        return d.made(
          `rearrange(${argument(x)}, [n, 2 * w] => [2, n, w])`,
          'atom',
          { dtype: 'f32', axes: [Size.of(2), a, Size.of(3)] },
          {
            compute: (run) => {
              const n = a.at(run.sizes);
              return run.op('transpose', [one(run.op('reshape', [run.of(x)], { shape: [n, 2, 3] }))], { perm: [1, 0, 2] });
            },
          },
        );
      },
      () => {
        const x = float(d, 3);
        const [a, b, c] = x.axes as [Size, Size, Size];
        return d.made(
          `${x.text} -> rearrange([p, q, r] => [p, (r * q)])`.replace('(r * q)', 'r * q'),
          'pipe',
          { dtype: 'f32', axes: [a, c.times(b)], bits: x.bits },
          {
            compute: (run) =>
              run.op('reshape', [one(run.op('transpose', [run.of(x)], { perm: [0, 2, 1] }))], {
                shape: [a.at(run.sizes), b.at(run.sizes) * c.at(run.sizes)],
              }),
          },
        );
      },
    ];
    d.seen('rearrange');
    d.program.operators.push('transpose', 'reshape');
    return d.draw.pick(forms)();
  },
  factEqual(d) {
    onlyMain(d);
    const { program } = d;
    const [a, b] = d.draw.shuffled(['N', 'T', 'S', 'H']) as [string, string];
    if (program.sizes.get(a) !== program.sizes.get(b)) throw new Impossible('not equal');
    const x = d.side({ dtype: 'f32', axes: [Size.named(a)], style: 'smooth' });
    const y = d.side({ dtype: 'f32', axes: [Size.named(b)], style: 'smooth' });
    program.fact(`${a} == ${b}`, (sizes) => sizes.get(a) === sizes.get(b));
    d.seen('`where` that two sizes are equal');
    program.operators.push('add');
    return d.made(
      `${x.text} + ${y.text}`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('add', [run.of(x), run.of(y)]) },
    );
  },
  factDivides(d) {
    onlyMain(d);
    const { program } = d;
    const name = d.draw.pick(['N', 'T', 'S', 'H']);
    const size = Size.named(name);
    if ((program.sizes.get(name) as number) % 2 !== 0) throw new Impossible('odd');
    const x = d.side({ dtype: 'f32', axes: [size, Size.of(2)], style: 'smooth' });
    program.fact(`${name} % 2 == 0`, (sizes) => (sizes.get(name) as number) % 2 === 0);
    d.seen('`where` that a size divides', 'exact division of sizes');
    program.operators.push('reshape');
    return d.made(
      `${x.text} -> reshape(shape = [${name} / 2, 4])`,
      'pipe',
      { dtype: 'f32', axes: [size.over(2), Size.of(4)] },
      { compute: (run) => run.op('reshape', [run.of(x)], { shape: [size.at(run.sizes) / 2, 4] }) },
    );
  },
  factRange(d) {
    onlyMain(d);
    const name = d.draw.pick(['N', 'T', 'S', 'H']);
    const x = d.side({ dtype: 'f32', axes: [Size.named(name)], style: 'smooth' });
    d.program.fact(`${name} in 2..9`, (sizes) => (sizes.get(name) as number) >= 2 && (sizes.get(name) as number) < 9);
    d.seen('`where` with a range', 'slice');
    d.program.operators.push('slice');
    return d.made(
      `${x.text}[1..2]`,
      'infix',
      { dtype: 'f32', axes: [Size.of(1)] },
      { compute: (run) => run.op('slice', [run.of(x)], { axes: [0], starts: [1], ends: [2] }) },
    );
  },
  optionalInput(d) {
    onlyMain(d);
    const x = float(d);
    if (!x.axes.every((axis) => axis.constant !== undefined || axis.isName)) throw new Impossible('an input of odd sizes');
    const present = d.draw.chance(0.5);
    const name = d.name('o');
    const m = d.program.side(
      { dtype: 'f32', axes: x.axes, style: 'grid' },
      { name, type: `${typeText('f32', x.axes)}?`, absent: !present },
    );
    if (present) {
      d.program.with.push(name);
      // Elsewhere it may not be used without a question.
      d.scope.splice(d.scope.indexOf(m), 1);
    }
    d.seen(present ? 'optional input that is given' : 'optional input that is absent', '`?` asks for an optional input');
    d.program.operators.push('add');
    const sum = (run: Run) => (present ? run.op('add', [run.of(x), run.of(m)]) : [run.of(x)]);
    const result = d.name('v');
    const form = d.draw.pick(['statement', 'expression', 'none', 'handed on', 'handed on'] as const);
    if (form === 'statement') {
      d.line(`${result} = ${x.text}`);
      d.block(`if ${name}? {`, () => d.line(`${result} = ${result} + ${name}`));
    } else if (form === 'expression') {
      d.line(`${result} = if ${name}? { ${operand(x)} + ${name} } else { ${x.text} }`);
    } else if (form === 'none') {
      const doubled = d.name('k');
      d.seen('`none`');
      d.line(`${doubled} = if ${name}? { ${name} * 2 } else { none }`);
      d.line(`${result} = if ${doubled}? { ${operand(x)} + ${doubled} } else { ${x.text} }`);
      return d.keep({
        ...x,
        text: result,
        form: 'atom',
        bits: rounded,
        index: 0,
        source: { compute: (run) => (present ? run.op('add', [run.of(x), one(run.op('mul', [run.of(m), scalar(2)]))]) : [run.of(x)]) },
      });
    } else {
      const f = d.name('f');
      d.program.declarations.push(`fn ${f}(x: Tensor[*B], m: Tensor[*B]?) -> Tensor[*B] {\n  if m? { return x + m }\n  return x\n}`);
      d.seen('optional input handed on', '`return` before the end');
      d.line(`${result} = ${f}(${argument(x)}, ${name})`);
    }
    return d.keep({ ...x, text: result, form: 'atom', bits: rounded, index: 0, source: { compute: sum } });
  },
  noneAsArgument(d) {
    const x = float(d);
    const f = d.name('f');
    d.program.declarations.push(`fn ${f}(x: Tensor[*B], m: Tensor[*B]?) -> Tensor[*B] { return if m? { x + m } else { x -> sin } }`);
    d.program.operators.push('sin');
    d.seen('`none`');
    return d.made(`${f}(${argument(x)}, none)`, 'atom', { dtype: 'f32', axes: x.axes }, { compute: (run) => run.op('sin', [run.of(x)]) });
  },
  optionalHyperparameter(d) {
    const x = float(d);
    const name = d.name('L');
    const given = d.draw.chance(0.5);
    d.program.declarations.push(
      `layer ${name}(k: int? = none)(x: Tensor[*B]) -> Tensor[*B] {\n  let factor = if k? { k } else { 3 }\n  return x * factor\n}`,
    );
    d.program.operators.push('mul');
    d.seen('kind that ends in `?`');
    return keepAs(d, x, (run) => run.op('mul', [run.of(x), scalar(given ? 2 : 3)]), `${x.text} -> ${name}${given ? '(k = 2)' : ''}`);
  },
  scalarInput(d) {
    const s = d.side({ dtype: 'f32', axes: [], style: 'smooth' });
    const x = float(d);
    d.program.operators.push('mul');
    d.seen('scalar tensor');
    return d.made(
      `${operand(x)} * ${s.text}`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('mul', [run.of(x), run.of(s)]) },
    );
  },
  elementType(d) {
    const type = d.draw.pick<DType>(['i64', 'i32', 'u8', 'bool']);
    d.seen('element type of an input');
    return d.side({ dtype: type, axes: d.someAxes(d.draw.int(1, 2)), style: type === 'bool' ? 'boolean' : 'small' });
  },
  literalsOfWhere(d) {
    const c = d.tensor(
      (t) => t.dtype === 'bool' && t.axes.length <= 3,
      () => d.side({ dtype: 'bool', axes: d.someAxes(2), style: 'boolean' }),
    );
    const whole = d.draw.chance(0.5);
    d.program.operators.push('where');
    d.seen('`where` of two numbers');
    const type = whole ? 'i64' : 'f32';
    return d.made(
      `where(${argument(c)}, ${whole ? '3, -4' : '0.5, 2'})`,
      'atom',
      { dtype: type, axes: c.axes, bits: 3 },
      {
        compute: (run) => run.op('where', [run.of(c), scalar(whole ? 3 : 0.5, type), scalar(whole ? -4 : 2, type)]),
      },
    );
  },
  onnxOperator(d) {
    const x = float(d);
    const [name, same] = d.draw.pick([
      ['HardSwish', 'hardswish'],
      ['Softsign', 'softsign'],
      ['Tanh', 'tanh'],
      ['Identity', undefined],
    ] as const);
    d.program.operators.push(same ?? 'expand');
    d.seen('`onnx.Name`');
    return d.made(
      `onnx.${name}(${argument(x)})`,
      'atom',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => (same === undefined ? [run.of(x)] : run.op(same, [run.of(x)])) },
    );
  },
  onnxSplit(d) {
    const x = d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(6)], style: 'grid' });
    const [a, b] = [d.name('v'), d.name('v')];
    d.line(`(${a}, ${b}) = onnx.Split(${x.text}, axis = 1, num_outputs = 2)`);
    d.program.operators.push('split');
    d.seen('`onnx.Name` with several outputs', 'tuple pattern');
    const source = { compute: (run: Run) => run.op('split', [run.of(x)], { parts: 2, axis: 1 }) };
    const half = { dtype: 'f32' as const, axes: [x.axes[0] as Size, Size.of(3)], bits: x.bits, wild: false, form: 'atom' as const, source };
    d.keep({ ...half, text: a, index: 0 });
    return d.keep({ ...half, text: b, index: 1 });
  },
  hyperNumber(d) {
    const x = float(d);
    const value = d.draw.int(1, 5);
    const float64 = d.draw.chance(0.3);
    const name = float64 ? hyper(d, 'float', '0.5', `${value}.5`) : hyper(d, d.draw.pick(['', 'int']), '2', String(value));
    d.program.operators.push('mul');
    return d.made(
      `${operand(x)} * ${name}`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('mul', [run.of(x), scalar(float64 ? value + 0.5 : value)]) },
    );
  },
  hyperBranch(d) {
    const x = float(d);
    const on = d.draw.chance(0.5);
    const name = hyper(d, '', String(!on), String(on));
    d.program.operators.push('neg');
    d.seen('`if` as an expression');
    return keepAs(d, x, (run) => (on ? run.op('neg', [run.of(x)]) : [run.of(x)]), `if ${name} { -${operand(x)} } else { ${x.text} }`);
  },
  hyperWord(d) {
    const x = float(d);
    const name = hyper(d, d.draw.pick(['', 'string']), '"tanh"', d.draw.pick(['"tanh"', '"relu"']));
    const fn = (d.program.set[name] ?? '"tanh"') === '"tanh"' ? 'tanh' : 'relu';
    d.program.operators.push(fn);
    d.seen('string as a hyperparameter');
    return keepAs(d, x, (run) => run.op(fn, [run.of(x)]), `if ${name} == "tanh" { tanh(${argument(x)}) } else { relu(${argument(x)}) }`);
  },
  hyperFunction(d) {
    const x = float(d);
    const fn = d.draw.pick(['relu', 'silu', 'sin']);
    const name = hyper(d, d.draw.pick(['', 'fn']), 'relu', fn);
    d.program.operators.push(fn);
    d.seen('function as a hyperparameter');
    return keepAs(d, x, (run) => run.op(fn, [run.of(x)]), `${x.text} -> ${name}`);
  },
  hyperIntegers(d) {
    const x = float(d);
    const several = d.draw.chance(0.5);
    const name = d.name('L');
    const [a, b] = [d.draw.int(1, 3), d.draw.int(1, 3)];
    d.program.declarations.push(
      `layer ${name}(k: ints)(x: Tensor[*B]) -> Tensor[*B] {\n  let both = repeat(k, 2)\n  return x * both[0] + both[1]\n}`,
    );
    d.program.operators.push('mul', 'add');
    d.seen('kind `ints`');
    return keepAs(
      d,
      x,
      (run) => run.op('add', [one(run.op('mul', [run.of(x), scalar(a)])), scalar(several ? b : a)]),
      `${x.text} -> ${name}(${several ? `[${a}, ${b}]` : a})`,
    );
  },
  hyperList(d) {
    const x = float(d);
    const values = Array.from({ length: d.draw.int(1, 3) }, () => d.draw.int(1, 4));
    const name = hyper(d, d.draw.pick(['', 'list']), '[1, 2]', `[${values.join(', ')}]`);
    d.program.operators.push('mul');
    d.seen('list as a hyperparameter');
    return d.made(
      `${operand(x)} * sum(${name})`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('mul', [run.of(x), scalar(values.reduce((a, b) => a + b, 0))]) },
    );
  },
  sizeArithmetic(d) {
    const names = d.someAxes(4, { bound: true }).filter((axis) => axis.isName);
    if (names.length === 0) throw new Impossible('no size is bound yet');
    const a = d.draw.pick(names);
    const b = d.draw.pick([...names, Size.of(3)]);
    const size = d.draw.pick([
      a.plus(b),
      a.times(b),
      a.times(2).minus(1),
      a.max(b),
      a.min(b),
      a.plus(5).over(2),
      a.plus(1).modulo(2).plus(1),
      a.over(b).plus(1),
    ]);
    d.seen('arithmetic on sizes');
    const form = d.draw.pick(['zeros', 'range', 'scalar'] as const);
    d.program.operators.push(form === 'scalar' ? 'mul' : form);
    if (form === 'zeros')
      return d.made(
        `ones([${size.text}, 2])`,
        'atom',
        { dtype: 'f32', axes: [size, Size.of(2)], bits: 1 },
        { compute: (run) => run.op('ones', [], { shape: [size.at(run.sizes), 2] }) },
      );
    if (form === 'range')
      return d.made(
        `range(${size.text}, dtype = f32)`,
        'atom',
        { dtype: 'f32', axes: [size], bits: 7 },
        { compute: (run) => run.op('range', [], { end: size.at(run.sizes), dtype: 'f32' }) },
      );
    const x = float(d);
    return d.made(
      `${operand(x)} / sqrt(${size.text})`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('div', [run.of(x), scalar(Math.sqrt(size.at(run.sizes)))]) },
    );
  },
  divisorOfOpenSize(d) {
    onlyMain(d);
    const name = d.draw.pick(['N', 'T', 'S', 'H']);
    const size = Size.named(name);
    const x = d.side({ dtype: 'f32', axes: [size], style: 'grid' });
    const divisor = size.minus(d.draw.int(1, 3));
    if (divisor.at(d.live.sizes) < 1) throw new Impossible('divides by zero');
    d.require(divisor, 1);
    const whole = d.draw.chance(0.5) ? Size.of(7).over(divisor) : Size.of(7).modulo(divisor);
    d.program.operators.push('add');
    d.seen('division by a size');
    return d.made(
      `${x.text} + ${whole.tight}`,
      'infix',
      { dtype: 'f32', axes: x.axes, bits: 7 },
      { compute: (run) => run.op('add', [run.of(x), scalar(whole.at(run.sizes))]) },
    );
  },
  extremes(d) {
    const x = float(d);
    const high = d.draw.chance(0.5);
    d.program.operators.push('maximum');
    d.seen('`inf`');
    return d.made(
      high ? `minimum(${argument(x)}, inf)` : `maximum(${argument(x)}, -inf)`,
      'atom',
      { dtype: 'f32', axes: x.axes, bits: x.bits },
      { compute: (run) => [run.of(x)] },
    );
  },
  lowestOfType(d) {
    const x = float(d);
    const c = d.like(x.axes, 'bool', 'boolean');
    d.program.operators.push('where', 'maximum');
    d.seen('`lowest`', '`float_type`');
    return d.made(
      `maximum(where(${argument(c)}, ${argument(x)}, lowest(float_type)), -3.0)`,
      'atom',
      { dtype: 'f32', axes: x.axes, bits: x.bits },
      {
        compute: (run) => run.op('maximum', [one(run.op('where', [run.of(c), run.of(x), scalar(-3.4028234663852886e38)])), scalar(-3)]),
      },
    );
  },
  initialExpression(d) {
    const n = d.draw.int(2, 4);
    const forms: readonly (readonly [string, readonly Size[], (i: number) => number])[] = [
      [`log(range(${n + 1}, start = 1, dtype = f32))`, [Size.of(n)], (i) => Math.log(i + 1)],
      [`range(${n}, dtype = f32) * 0.5 - 1`, [Size.of(n)], (i) => i * 0.5 - 1],
      ['sqrt(2)', [Size.of(n)], () => Math.sqrt(2)],
      [`zeros([${n}]) + 1.0 / 3`, [Size.of(n)], () => 1 / 3],
    ];
    const [text, axes, value] = d.draw.pick(forms);
    const w = stored(d, axes, text);
    d.seen('first values as an expression');
    const constant: NdArray = { dtype: 'f32', shape: [n], data: Float64Array.from({ length: n }, (_, i) => Math.fround(value(i))) };
    return d.replace(w, { ...w, source: { compute: () => [constant] } });
  },
  record(d) {
    const x = float(d);
    const [config, L] = [d.name('Config'), d.name('L')];
    const [width, scale] = [d.draw.int(1, 5), d.draw.pick([0.5, 1.5])];
    d.program.declarations.push(
      `config ${config} {\n  width = 4 from "hidden_size"\n  twice = width * 2\n  scale = ${scale}\n  act: fn = relu\n} where width >= 1`,
    );
    d.program.declarations.push(`layer ${L}(c: ${config})(x: Tensor[*B]) -> Tensor[*B] { return c.act(x) * c.twice + c.scale }`);
    d.program.operators.push('sigmoid', 'mul', 'add');
    const copy = d.draw.chance(0.5);
    d.seen('`config`', ...(copy ? ['copy of a record'] : []));
    const c = d.name('c');
    d.line(`let ${c} = ${config}(width = ${copy ? 9 : width}, act = sigmoid)`);
    const text = copy ? `${config}(*${c}, width = ${width})` : c;
    return keepAs(
      d,
      x,
      (run) => run.op('add', [one(run.op('mul', [one(run.op('sigmoid', [run.of(x)])), scalar(2 * (copy ? 9 : width))])), scalar(scale)]),
      `${x.text} -> ${L}(${text})`,
    );
  },
  recordOfTheModel(d) {
    onlyMain(d);
    const x = float(d);
    const [config, c] = [d.name('Config'), d.name('c')];
    const key = d.name('size_');
    const [file, set] = [d.draw.int(1, 5), d.draw.int(1, 5)];
    const form = d.draw.pick(['default', 'config', 'set', 'both'] as const);
    d.program.declarations.push(`config ${config} {\n  ${key}n = 3 from "${key}"\n  half: float = 0.5\n}`);
    d.program.hyper.push(`${c} = ${config}()`);
    if (form === 'config' || form === 'both') d.program.config[key] = file;
    if (form === 'set' || form === 'both') d.program.set[`${c}.${key}n`] = String(set);
    const value = form === 'default' ? 3 : form === 'config' ? file : set;
    d.seen(
      'record of the model',
      ...(form === 'config' || form === 'both' ? ['`--config`'] : []),
      ...(form === 'set' || form === 'both' ? ['`--set` of a field'] : []),
    );
    d.program.operators.push('mul', 'expand');
    const axes = [Size.of(value), ...x.axes];
    return d.made(
      `expand(${operand(x)} * ${c}.half, [${[`${c}.${key}n`, ...x.axes.map((a) => a.text)].join(', ')}])`,
      'atom',
      { dtype: 'f32', axes },
      {
        compute: (run) =>
          run.op('expand', [one(run.op('mul', [run.of(x), scalar(0.5)]))], { shape: axes.map((axis) => axis.at(run.sizes)) }),
      },
    );
  },
  letBlock(d) {
    const x = float(d);
    const g = d.name('g');
    const k = d.draw.int(1, 6);
    const given = d.draw.chance(0.5);
    d.program.declarations.push(
      `let ${g}(v, d = 3) {\n  n = v * 2\n  for i in 0..d {\n    if i == 1 { n = n + 10 }\n  }\n  if n > 14 { return n - 1 }\n  return n\n}`,
    );
    const turns = given ? 1 : 3;
    const n = k * 2 + (turns > 1 ? 10 : 0);
    const value = n > 14 ? n - 1 : n;
    d.program.operators.push('mul');
    d.seen('`let` block', 'default of a `let` function');
    return d.made(
      `${operand(x)} * ${g}(${k}${given ? ', d = 1' : ''})`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('mul', [run.of(x), scalar(value)]) },
    );
  },
};
