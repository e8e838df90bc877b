import type { NdArray } from '../../src/ops/types.js';
import { Body, stored } from './body.js';
import { type Draft, Impossible } from './draft.js';
import { fill } from './fill.js';
import type { Move } from './operators-basic.js';
import type { Run } from './run.js';
import { Size } from './size.js';
import { argument, operand, rounded, type Tensor } from './tensor.js';

const scalar = (value: number): NdArray => ({ dtype: 'f32', shape: [], data: Float64Array.of(Math.fround(value)) });
const one = (values: readonly NdArray[]): NdArray => values[0] as NdArray;

function float(d: Draft, most = 3): Tensor {
  return d.calm(d.float({ least: 1, fits: (t) => t.axes.length <= most }), 6);
}

/** A float whose last axis is a number: layers with weights can be applied to it. */
function features(d: Draft): Tensor {
  return d.calm(
    d.tensor(
      (t) => t.dtype === 'f32' && !t.wild && t.axes.length >= 1 && t.axes.length <= 3 && (t.axes.at(-1)?.constant ?? 0) > 0,
      () => d.side({ dtype: 'f32', axes: [...d.someAxes(1), Size.of(d.draw.int(2, 5))], style: 'smooth' }),
    ),
    6,
  );
}

/** How a layer is used: with a label of one of the kinds, or with an invented one. */
interface Use {
  /** With the colon; empty for a layer without a label. */
  readonly text: string;
  readonly path: string;
}

function labelled(d: Draft, kind?: string): Use {
  const stem = d.label(d.name('b'));
  const forms: readonly (() => Use)[] = [
    () => ({ text: `${stem}: `, path: stem }),
    () => {
      const i = d.draw.int(0, 3);
      d.seen('label with a position');
      return { text: `${stem}[${i}]: `, path: `${stem}.${i}` };
    },
    () => {
      const i = d.draw.int(0, 3);
      d.seen('label as a string', 'string with a value in it');
      return { text: `"${stem}_{${i} + 1}": `, path: `${stem}_${i + 1}` };
    },
    () => {
      d.seen('label with dots');
      return { text: `${stem}.inner.fc: `, path: `${stem}.inner.fc` };
    },
    () => {
      if (kind === undefined || d.labels.has(kind)) return { text: `${stem}: `, path: stem };
      d.labels.add(kind);
      d.seen('layer without a label');
      return { text: '', path: kind };
    },
  ];
  d.seen('label');
  return d.draw.pick(forms)();
}

/** `x W^T + b` as the library's `Linear` computes it. */
function linear(run: Run, path: string, x: NdArray, out: number, bias = true): NdArray {
  const width = x.shape.at(-1) as number;
  const weight = run.weight(`${path}.weight`, [out, width]);
  const product = one(run.op('matmul', [x, one(run.op('transpose', [weight], { perm: [1, 0] }))]));
  return bias ? one(run.op('add', [product, run.weight(`${path}.bias`, [out])])) : product;
}

const last = (x: Tensor, out: number) => [...x.axes.slice(0, -1), Size.of(out)];

/** Uses a body on tensors, in a pipeline or with two argument lists. */
function use(d: Draft, body: Body, given: readonly Tensor[], hyper: string, where: Use, sides = body.arguments): readonly Tensor[] {
  const made = `${where.text}${body.name}${hyper === '' ? '' : `(${hyper})`}`;
  const [first, ...rest] = given as [Tensor, ...Tensor[]];
  const others = [...rest, ...sides];
  const piped = d.draw.chance(0.6);
  const args = (piped ? others : [first, ...others]).map(argument).join(', ');
  const text = piped ? `${first.text} -> ${made}${args === '' ? '' : `(${args})`}` : `${made}(${args})`;
  const results = body.results(given, where.path, sides);
  if (results.length > 1) {
    const names = results.map(() => d.name('v'));
    d.line(`(${names.join(', ')}) = ${text}`);
    d.seen('tuple pattern');
    return results.map((result, i) => d.keep({ ...result, text: names[i] as string, form: 'atom' }));
  }
  const name = d.name('v');
  d.line(`${name} = ${text}`);
  return [d.keep({ ...(results[0] as Tensor), text: name, form: 'atom' })];
}

const nothing: Use = { text: '', path: '' };

/** The result of a body: its last float of moderate rank. */
function resultOf(d: Draft, inner: Draft): Tensor {
  const found = inner.scope.filter((t) => t.dtype === 'f32' && t.axes.length <= 4 && t.axes.length >= 1);
  const result = found.at(-1);
  if (result === undefined || !inner.lines.length) throw new Impossible('the body computes nothing');
  void d;
  return inner.calm(result);
}

export const layers: Readonly<Record<string, Move>> = {
  fn(d) {
    const x = float(d);
    const body = new Body(d, [x], { kind: 'fn' });
    fill(body.inner, d.draw.int(1, 3), 0.2);
    const doc = d.draw.chance(0.3) ? '## Drawn at random.\n' : '';
    if (doc !== '') d.seen('documentation comment');
    body.declare([{ tensor: resultOf(d, body.inner) }], { doc });
    d.seen('`fn`');
    return use(d, body, [x], '', nothing);
  },
  fnWithOption(d) {
    const x = float(d);
    const body = new Body(d, [x], { kind: 'fn' });
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    const factor = d.draw.pick([0.5, 2.5]);
    d.program.operators.push('mul', 'softsign');
    const inner = body.inner.made(
      `softsign(${formal.text} * scale)`,
      'atom',
      { dtype: 'f32', axes: formal.axes },
      { compute: (run) => run.op('softsign', [one(run.op('mul', [run.of(formal), scalar(factor)]))]) },
    );
    body.declare([{ tensor: inner }], { hyper: 'scale = 1.0' });
    d.seen('`fn` with an option');
    const [result] = body.results([x], '');
    return d.made(
      `${body.name}(${argument(x)}, scale = ${factor})`,
      'atom',
      { dtype: 'f32', axes: (result as Tensor).axes },
      (result as Tensor).source,
    );
  },
  layer(d) {
    const x = features(d);
    const body = new Body(d, [x], { kind: 'layer' });
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    const width = formal.axes.at(-1) as Size;
    const weight = stored(
      body.inner,
      [width],
      d.draw.pick([
        'uniform(0.5)',
        'normal',
        'normal(std = 0.5)',
        'ones',
        'constant(0.75)',
        '1.5',
        'trunc_normal(std = 0.1)',
        'uniform(-1, 2)',
      ]),
      d.draw.pick([{}, { kind: 'buffer' as const }, { named: d.name('stored_') }]),
    );
    body.inner.call('mul', [formal, weight], {}, { dtype: 'f32', axes: formal.axes }, { infix: '*', bind: true });
    fill(body.inner, d.draw.int(1, 3), 0.3);
    body.declare([{ tensor: resultOf(d, body.inner) }]);
    d.seen('`layer`');
    const first = use(d, body, [x], '', labelled(d));
    if (d.draw.chance(0.4)) {
      d.seen('layer used twice');
      use(d, body, [x], '', labelled(d));
    }
    return first;
  },
  layerWithFact(d) {
    const x = float(d);
    const body = new Body(d, [x], { kind: d.draw.pick(['fn', 'layer']) });
    const { inner } = body;
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    const open = formal.axes.filter((axis) => axis.constant === undefined);
    if (open.length === 0) throw new Impossible('no open size');
    const divisor = d.draw.pick(open).minus(d.draw.int(1, 2));
    inner.require(divisor, 1);
    const whole = Size.of(7).over(divisor);
    d.program.operators.push('add');
    const tensor = inner.made(
      `${formal.text} + ${whole.tight}`,
      'infix',
      { dtype: 'f32', axes: formal.axes },
      { compute: (run) => run.op('add', [run.of(formal), scalar(whole.at(run.sizes))]) },
      { bind: true },
    );
    body.declare([{ tensor: tensor }]);
    return use(d, body, [x], '', inner.owns ? labelled(d) : nothing);
  },
  layerWithHyperparameters(d) {
    const x = features(d);
    const h = d.name('h');
    const out = d.draw.int(1, 4);
    const bias = d.draw.chance(0.5);
    const body = new Body(d, [x], { kind: 'layer', numbers: { [h]: out } });
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    const weight = stored(
      body.inner,
      [Size.named(h), formal.axes.at(-1) as Size],
      d.draw.pick(['kaiming_uniform(a = sqrt(5))', 'xavier_normal', 'orthogonal', 'xavier_uniform(gain = 2)', 'kaiming_normal']),
    );
    d.program.operators.push('matmul', 'transpose', 'add');
    const named = body.inner.name('y');
    body.inner.line(`${named} = ${formal.text} @ ${weight.text}.T`);
    const shift = body.inner.name('s');
    body.inner.block('if bias {', () => {
      body.inner.line(`param ${shift}: Tensor[${h}] = uniform(1 / sqrt(${h}))`);
      body.inner.line(`${named} = ${named} + ${shift}`);
    });
    body.inner.line(`return ${named}`);
    const tensor: Tensor = {
      text: named,
      form: 'atom',
      dtype: 'f32',
      axes: [...formal.axes.slice(0, -1), Size.named(h)],
      index: 0,
      bits: rounded,
      wild: false,
      source: {
        compute: (run) => {
          const product = run.op('matmul', [run.of(formal), one(run.op('transpose', [run.of(weight)], { perm: [1, 0] }))]);
          return bias ? run.op('add', [one(product), run.weight(shift, [run.sizes.get(h) as number])]) : product;
        },
      },
    };
    body.declare([{ tensor }], { hyper: `${h}: int, bias = true`, plain: false });
    d.seen('`layer` with hyperparameters', '`param` under a condition');
    return use(d, body, [x], `${d.draw.chance(0.5) ? '' : `${h} = `}${out}${bias ? '' : ', bias = false'}`, labelled(d));
  },
  earlyReturn(d) {
    const x = float(d);
    const k = d.name('k');
    const value = d.draw.int(1, 3);
    const body = new Body(d, [x], { kind: 'layer' });
    const { inner } = body;
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    inner.block(`if ${k} > 2 {`, () => inner.line(`return ${formal.text} -> relu`));
    const nested = d.draw.chance(0.5);
    if (nested) inner.block(`for i in 0..${k} {`, () => inner.line(`if i == 1 { return ${formal.text} * i * 3 }`));
    inner.line(`return tanh(${formal.text})`);
    d.program.operators.push('relu', 'tanh');
    d.seen('`return` before the end');
    const tensor = {
      ...formal,
      bits: rounded,
      source: {
        compute: (run: Run) =>
          value > 2
            ? run.op('relu', [run.of(formal)])
            : nested && value > 1
              ? run.op('mul', [run.of(formal), scalar(3)])
              : run.op('tanh', [run.of(formal)]),
      },
    };
    body.declare([{ tensor }], { hyper: `${k}: int`, plain: false });
    return use(d, body, [x], String(value), labelled(d));
  },
  severalResults(d) {
    const x = float(d);
    const body = new Body(d, [x], { kind: d.draw.chance(0.5) ? 'layer' : 'fn' });
    const [formal] = body.formals.map(({ tensor }) => tensor) as [Tensor];
    const { inner } = body;
    const centre = inner.call(
      'sum',
      [formal],
      { axis: { text: '-1', at: () => -1 }, keep: { text: 'true', at: () => true } },
      { dtype: 'f32', axes: [...formal.axes.slice(0, -1), Size.of(1)] },
      { bind: true },
    );
    const other = inner.call('sigmoid', [formal], {}, { dtype: 'f32', axes: formal.axes }, { bind: true });
    body.declare([
      { tensor: centre, name: 'centre' },
      { tensor: other, name: 'other' },
    ]);
    d.seen('layer with several results');
    const where = inner.owns ? labelled(d) : nothing;
    if (d.draw.chance(0.5)) return use(d, body, [x], '', where);
    const name = d.name('v');
    d.seen('result by name');
    d.line(`${name} = ${where.text}${body.name}(${argument(x)})`);
    return body
      .results([x], where.path)
      .map((result, i) => d.keep({ ...result, text: `${name}.${i === 0 ? 'centre' : 'other'}`, form: 'atom' }));
  },
  restOfAxes(d) {
    const x = float(d);
    const name = d.name('L');
    const order = d.draw.chance(0.5);
    const h = x.axes.length;
    d.program.declarations.push(
      order
        ? `layer ${name}(x: Tensor[*B, D]) -> Tensor[*B, 1] {\n  return sum(x, axis = D, keep = true)\n}`
        : `layer ${name}(x: Tensor[*S]) -> Tensor[*S] {\n  return x * 0.5 -> gelu\n}`,
    );
    d.program.operators.push(...(order ? ['sum'] : ['mul', 'gelu']));
    d.seen('`*B`');
    const axes = order ? [...x.axes.slice(0, -1), Size.of(1)] : x.axes;
    return d.made(
      `${x.text} -> ${name}`,
      'pipe',
      { dtype: 'f32', axes },
      {
        compute: (run) =>
          order
            ? run.op('sum', [run.of(x)], { axes: [h - 1], keep: true })
            : run.op('gelu', [one(run.op('mul', [run.of(x), scalar(0.5)]))]),
      },
      { bind: true },
    );
  },
  stretchedAxis(d) {
    const x = d.calm(d.float({ rank: 2 }), 6);
    const [a, b] = x.axes as [Size, Size];
    const mask = d.side({ dtype: 'f32', axes: [d.draw.chance(0.5) ? Size.of(1) : a, b], style: 'grid' });
    const name = d.name('L');
    d.program.declarations.push(`layer ${name}(x: Tensor[P, Q], m: Tensor[P|1, Q]) -> Tensor[P, Q] { return x + m }`);
    d.program.operators.push('add');
    d.seen('`N|1`');
    return d.made(
      `${name}(${argument(x)}, ${mask.text})`,
      'atom',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('add', [run.of(x), run.of(mask)]) },
    );
  },
  lateSize(d) {
    const x = d.calm(d.float({ rank: 2 }), 6);
    const [a, b] = x.axes as [Size, Size];
    const name = d.name('L');
    const equation = d.draw.chance(0.5);
    d.program.declarations.push(
      `layer ${name}(x: Tensor[P, Q]) -> Tensor[P, K]${equation ? '\n  where K == 2 * Q\n' : ' '}{ return concat(x, x, axis = 1) }`,
    );
    d.program.operators.push('concat');
    d.seen('size named by the result of a layer', ...(equation ? ['equation for a size'] : []));
    return d.made(
      `${x.text} -> ${name}`,
      'pipe',
      { dtype: 'f32', axes: [a, b.times(2)] },
      { compute: (run) => run.op('concat', [[run.of(x), run.of(x)]], { axis: 1 }) },
      { bind: true },
    );
  },
  linear(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 5);
    const bias = d.draw.chance(0.6);
    const where = labelled(d, 'linear');
    d.program.operators.push('matmul', 'add');
    d.seen('library layer');
    return d.made(
      `${x.text} -> ${where.text}Linear(${out}${bias ? '' : ', bias = false'})`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => [linear(run, where.path, run.of(x), out, bias)] },
      { bind: true },
    );
  },
  libraryLayers(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const where = labelled(d);
    const width = x.axes.at(-1)?.constant as number;
    if (width < 3) throw new Impossible('a norm of few elements');
    d.seen('library layer');
    if (d.draw.chance(0.5)) {
      d.program.operators.push('layer_norm');
      return d.made(
        `${x.text} -> ${where.text}LayerNorm(eps = 1e-3)`,
        'pipe',
        { dtype: 'f32', axes: x.axes },
        {
          compute: (run) =>
            run.op('layer_norm', [run.of(x), run.weight(`${where.path}.weight`, [width]), run.weight(`${where.path}.bias`, [width])], {
              eps: 1e-3,
            }),
        },
        { bind: true },
      );
    }
    d.program.operators.push('rms_norm');
    return d.made(
      `${x.text} -> ${where.text}RMSNorm(eps = 1e-3)`,
      'pipe',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('rms_norm', [run.of(x), run.weight(`${where.path}.weight`, [width])], { eps: 1e-3 }) },
      { bind: true },
    );
  },
  shared(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const width = x.axes.at(-1)?.constant as number;
    const name = d.label(d.name('m'));
    const named = d.draw.chance(0.4);
    const path = named ? d.label(d.name('b')) : name;
    d.line(`${name} = ${named ? `${path}: ` : ''}Linear(${width})`);
    d.program.operators.push('matmul', 'add', 'relu', 'matmul', 'add');
    d.seen('shared layer');
    const twice = (run: Run) => linear(run, path, one(run.op('relu', [linear(run, path, run.of(x), width)])), width);
    const y = d.made(
      `${x.text} -> ${name} -> relu -> ${name}`,
      'pipe',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => [twice(run)] },
      { bind: true },
    );
    if (d.draw.chance(0.5)) return y;
    d.seen('weight of a shared layer');
    d.program.operators.push('matmul');
    return d.made(
      `${operand(y)} @ ${name}.weight.T`,
      'infix',
      { dtype: 'f32', axes: x.axes },
      {
        compute: (run) =>
          run.op('matmul', [run.of(y), one(run.op('transpose', [run.weight(`${path}.weight`, [width, width])], { perm: [1, 0] }))]),
      },
    );
  },
  listOfLayers(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const width = x.axes.at(-1)?.constant as number;
    const name = d.label(d.name('m'));
    const count = d.draw.int(1, 3);
    d.seen('list of layers', 'comprehension');
    d.program.operators.push(...Array.from({ length: count }, () => 'matmul'), 'concat');
    d.line(`${name} = [Linear(${width}) for _ in 0..${count}]`);
    return d.made(
      `concat([f(${argument(x)}) for f in ${name}], axis = -1)`,
      'atom',
      { dtype: 'f32', axes: last(x, count * width) },
      {
        compute: (run) =>
          run.op('concat', [Array.from({ length: count }, (_, i) => linear(run, `${name}.${i}`, run.of(x), width))], { axis: -1 }),
      },
    );
  },
  labelsInALoop(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const widths = Array.from({ length: d.draw.int(1, 3) }, () => d.draw.int(1, 4));
    const [name, stem, i, w] = [d.name('v'), d.label(d.name('b')), d.name('i'), d.name('u')];
    d.seen('label with a position', '`for` over a list', 'pattern in a `for`', 'rebinding');
    d.program.operators.push(...widths.map(() => 'matmul'));
    d.line(`${name} = ${x.text}`);
    d.block(`for (${i}, ${w}) in enumerate([${widths.join(', ')}]) {`, () =>
      d.line(`${name} = ${name} -> ${stem}[${i}]: Linear(${w}) -> softsign`),
    );
    return d.keep({
      text: name,
      form: 'atom',
      dtype: 'f32',
      axes: last(x, widths.at(-1) as number),
      index: 0,
      bits: rounded,
      wild: false,
      source: {
        compute: (run) => [widths.reduce((value, out, n) => one(run.op('softsign', [linear(run, `${stem}.${n}`, value, out)])), run.of(x))],
      },
    });
  },
  layerAsHyperparameter(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const name = d.name('L');
    const fn = d.draw.pick(['relu', 'tanh', 'silu']);
    const where = labelled(d);
    d.program.declarations.push(
      `layer ${name}(block: layer, act: fn)(x: Tensor[*B, P]) -> Tensor[*B, Q] {\n  return x -> inner: block(${out}) -> act\n}`,
    );
    d.program.operators.push('matmul', fn);
    d.seen('layer as a hyperparameter', 'function as a hyperparameter');
    return d.made(
      `${x.text} -> ${where.text}${name}(Linear, ${fn})`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => run.op(fn, [linear(run, `${where.path}.inner`, run.of(x), out)]) },
      { bind: true },
    );
  },
  layerOfBranch(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const where = labelled(d);
    const k = d.name('K');
    d.program.operators.push('matmul');
    d.seen('layer as a value');
    d.line(`let ${k} = if ${out} > 2 { Linear(${out}) } else { Linear(${out}, bias = false) }`);
    return d.made(
      `${x.text} -> ${where.text}${k}`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => [linear(run, where.path, run.of(x), out, out > 2)] },
      { bind: true },
    );
  },
  specialised(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const where = labelled(d);
    const name = d.name('Proj');
    d.program.operators.push('matmul');
    d.seen('specialised layer');
    const open = d.draw.chance(0.6);
    d.program.declarations.push(`layer ${name} = Linear(${open ? '' : `${out}, `}bias = false)`);
    return d.made(
      `${x.text} -> ${where.text}${name}${open ? `(${out})` : ''}`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => [linear(run, where.path, run.of(x), out, false)] },
      { bind: true },
    );
  },
  letFunctionOfLayers(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const where = labelled(d);
    const name = d.name('g');
    d.program.operators.push('matmul');
    d.seen('`let` function that gives a layer');
    d.program.declarations.push(`let ${name}(n) = Linear(n, bias = false)`);
    const text =
      where.text !== '' && d.draw.chance(0.5)
        ? `${x.text} -> ${where.text}${name}(${out})`
        : `${where.text}${name}(${out})(${argument(x)})`;
    if (where.text === '') throw new Impossible('needs a label');
    return d.made(
      text,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => [linear(run, where.path, run.of(x), out, false)] },
      { bind: true },
    );
  },
  withoutALevel(d) {
    if (!d.owns) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const where = labelled(d);
    const name = d.name('L');
    d.program.operators.push('matmul', 'neg');
    d.seen('label `_`');
    d.program.declarations.push(`layer ${name}(inner: layer)(x: Tensor[*B, P]) -> Tensor[*B, Q] {\n  return -(x -> _: inner)\n}`);
    if (where.text === '') throw new Impossible('needs a label');
    return d.made(
      `${x.text} -> ${where.text}${name}(Linear(${out}))`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => run.op('neg', [linear(run, where.path, run.of(x), out)]) },
      { bind: true },
    );
  },
  weightOfTheModel(d) {
    const kind = d.draw.pick(['param', 'buffer'] as const);
    const axes = [Size.of(d.draw.int(1, 4)), Size.of(d.draw.int(1, 4))];
    return stored(d, axes, d.draw.pick(['uniform(0.5)', 'normal', 'zeros', 'ones', '', '0.25', '-1.0 / 4']), {
      kind,
      ...(d.draw.chance(0.5) ? { named: d.name('weights.') } : {}),
    });
  },
  elementTypeAsHyperparameter(d) {
    const x = d.float({ exact: true, fits: (t) => t.axes.length <= 3 });
    const name = d.name('L');
    const to = d.draw.pick(['f32', 'i64'] as const);
    if (d.magnitude(x) > 1e6) throw new Impossible('too large');
    d.program.declarations.push(`layer ${name}(to: dtype)(x: Tensor[*B]) -> Tensor<to>[*B] { return cast(x, to) }`);
    d.program.operators.push('cast');
    d.seen('dtype as a hyperparameter');
    return d.made(
      `${x.text} -> ${name}(${to})`,
      'pipe',
      { dtype: to, axes: x.axes, bits: x.bits },
      { compute: (run) => run.op('cast', [run.of(x)], { dtype: to }) },
      { bind: true },
    );
  },
  imported(d) {
    const x = float(d);
    const [file, name, alias] = [d.name('part'), d.name('f'), d.name('f')];
    d.program.files[`${file}.arch`] = `## Of another file.\nfn ${name}(x: Tensor[*S]) -> Tensor[*S] {\n  return silu(x) - 1\n}\n`;
    const other = d.draw.chance(0.5);
    d.program.declarations.unshift(`import { ${name}${other ? ` as ${alias}` : ''} } from "./${file}.arch"`);
    d.program.operators.push('silu', 'sub');
    d.seen('`import`');
    return d.made(
      `${x.text} -> ${other ? alias : name}`,
      'pipe',
      { dtype: 'f32', axes: x.axes },
      { compute: (run) => run.op('sub', [one(run.op('silu', [run.of(x)])), scalar(1)]) },
      { bind: true },
    );
  },
  importedFromTheLibrary(d) {
    const x = d.calm(d.float({ rank: 2, fits: (t) => t.axes[1]?.isName === true || t.axes[1]?.constant !== undefined }), 6);
    const size = x.axes[1] as Size;
    const alias = d.name('mask');
    d.program.declarations.unshift(`import { causal_mask as ${alias} } from "std/attention"`);
    d.program.operators.push('where', 'range', 'less_equal');
    d.seen('`import` from the library');
    return d.made(
      `where(${alias}(${size.text}), 1.0, -2.0)`,
      'atom',
      { dtype: 'f32', axes: [Size.of(1), Size.of(1), size, size] },
      {
        compute: (run) => {
          const n = size.at(run.sizes);
          return [
            {
              dtype: 'f32',
              shape: [1, 1, n, n],
              data: Float64Array.from({ length: n * n }, (_, i) => (i % n <= Math.floor(i / n) ? 1 : -2)),
            },
          ];
        },
      },
    );
  },
  modelAsLayer(d) {
    if (!d.owns || d !== d.program.main) throw new Impossible('a function owns nothing');
    const x = features(d);
    const out = d.draw.int(1, 4);
    const width = x.axes.at(-1)?.constant as number;
    const where = labelled(d);
    const [name, special] = [d.name('Part'), d.name('Special')];
    const names = x.axes.slice(0, -1).map((_, i) => `P${i}`);
    d.program.declarations.push(
      `model ${name}(n: int)(x: Tensor[${[...names, String(width)].join(', ')}]) -> (y: Tensor[${[...names, 'n'].join(', ')}]) {\n  return x -> fc: Linear(n)\n}`,
    );
    const specialised = d.draw.chance(0.5);
    if (specialised) d.program.declarations.push(`model ${special} = ${name}(${out})`);
    d.program.model = 'M';
    d.program.operators.push('matmul');
    d.seen('model as a layer', ...(specialised ? ['specialised model'] : []));
    if (where.text === '') throw new Impossible('needs a label');
    return d.made(
      `${x.text} -> ${where.text}${specialised ? special : `${name}(${out})`}`,
      'pipe',
      { dtype: 'f32', axes: last(x, out) },
      { compute: (run) => [linear(run, `${where.path}.fc`, run.of(x), out)] },
      { bind: true },
    );
  },
};
