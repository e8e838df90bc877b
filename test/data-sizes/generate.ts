import { decideEqual } from '../../src/dims/decide.js';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { boundsOf, type NewSize, newSize } from '../../src/dims/new-size.js';
import { randomNumbers } from '../kit/random.js';

/** A tensor of a program: `[size]` or `[size, 3]`, where the size is a formula of the sizes that the evaluations before it have made. */
export interface Tensor {
  readonly name: string;
  readonly size: Dim;
  readonly isMatrix: boolean;
}

/** A random program in which the data decide sizes. */
export interface Program {
  readonly text: string;
  /** The outputs in order. The names in their sizes distinguish evaluations, and have nothing to do with those of the compiler. */
  readonly outputs: readonly Tensor[];
  /** The same program with the sum of two vectors, one pair each; the sums of vectors whose sizes are made by other evaluations are wrong. */
  readonly sums: readonly { readonly text: string; readonly areEqual: boolean }[];
  /** What bounds the sizes. */
  readonly facts: Facts;
  /** How many evaluations make a size. */
  readonly evaluations: number;
}

/** A layer or function that makes sizes: each is new in each use. */
interface Maker {
  readonly name: string;
  readonly isLayer: boolean;
  /** How many tensors of one size it takes. */
  readonly inputs: number;
  /** The sizes of its results, from that of its inputs. Every call makes new ones. */
  readonly results: (size: Dim) => readonly { readonly size: Dim; readonly isMatrix: boolean }[];
}

/** One body that is being written: its lines, and the tensors in scope. */
class Body {
  readonly lines: string[] = [];
  readonly scope: Tensor[] = [];
  indent = '  ';

  add(line: string): void {
    this.lines.push(this.indent + line);
  }
}

class Generator {
  readonly #random: () => number;
  readonly declarations: string[] = [];
  readonly makers: Maker[] = [];
  /** The sizes made so far, `t0`, `t1`, ..: one for each evaluation. */
  readonly #made: NewSize[] = [];
  #names = 0;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  int(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  chance(p: number): boolean {
    return this.#random() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)] as T;
  }

  name(stem: string): string {
    return `${stem}${++this.#names}`;
  }

  /** What bounds the sizes: at most one element has as many distinct ones, for instance. */
  get facts(): Facts {
    return this.#made.reduce((facts, made) => facts.bound(made.name, boundsOf(made)), Facts.none);
  }

  get evaluations(): number {
    return this.#made.length;
  }

  /** A size that an evaluation makes. */
  size(most: Dim, least = Dim.zero): Dim {
    const made = newSize(`t${this.#made.length}`, { by: 'data', least, most });
    this.#made.push(made);
    return made.size;
  }

  /** The sizes from `first` to `last` as another evaluation of the same lines makes them, where `given` are the other sizes. */
  #again(first: number, last: number, given: ReadonlyMap<string, Dim> = new Map()): ReadonlyMap<string, Dim> {
    const fresh = new Map(given);
    for (const { name, least, most = least } of this.#made.slice(first, last))
      fresh.set(name, this.size(most.substitute(fresh), least.substitute(fresh)));
    return fresh;
  }

  /** A number that about some of the elements, all, or none are above. */
  threshold(): string {
    return this.chance(0.15) ? this.pick(['-9.0', '9.0']) : (this.#random() - 0.5).toFixed(2);
  }

  /** Adds a statement to a body. */
  statement(body: Body, depth: number): void {
    const moves: ((body: Body, depth: number) => void)[] = [
      this.mask,
      this.mask,
      this.positions,
      this.distinct,
      this.sum,
      this.join,
      this.part,
      this.likeZeros,
    ];
    if (this.makers.length > 0) moves.push(this.use, this.use);
    if (depth < 2) moves.push(this.loop, this.branch, this.function, this.choice, this.recurrence);
    this.pick(moves).call(this, body, depth);
  }

  /** Occasionally, `as [K]` after an expression: a new name, or one that a surrounding body may also have used. */
  as(size: string): string {
    return this.chance(0.4) ? ` as ${size.replace('K', this.name('K'))}` : '';
  }

  mask(body: Body): void {
    const x = this.pick(body.scope);
    const name = this.name('v');
    const ofAll = x.isMatrix && this.chance(0.3);
    const mask = `${x.isMatrix && !ofAll ? `${x.name}[:, ${this.int(0, 2)}]` : x.name} > ${this.threshold()}`;
    const isMatrix = x.isMatrix && !ofAll;
    body.add(`${name} = ${x.name}[${mask}]${this.as(isMatrix ? '[K, 3]' : '[K]')}`);
    body.scope.push({ name, size: this.size(ofAll ? x.size.mul(3) : x.size), isMatrix });
  }

  positions(body: Body): void {
    const x = this.pick(body.scope);
    const [at, name] = [this.name('at'), this.name('v')];
    const mask = x.isMatrix ? `${x.name}[:, 1]` : x.name;
    body.add(`${at} = nonzero(${mask} > ${this.threshold()})${this.as('[K, 1]')}`);
    const size = this.size(x.size);
    for (const y of body.scope.filter((other) => other.size.equals(x.size)).slice(-2)) {
      const taken = y === x ? name : this.name('v');
      body.add(`${taken} = gather_nd(${y.name}, ${at})`);
      body.scope.push({ name: taken, size, isMatrix: y.isMatrix });
    }
  }

  distinct(body: Body): void {
    const x = this.pick(body.scope);
    const name = this.name('v');
    body.add(`${name} = unique(${x.name})${this.as('[K]')}`);
    body.scope.push({ name, size: this.size(elements(x), elements(x).min(1)), isMatrix: false });
  }

  sum(body: Body): void {
    const x = this.pick(body.scope);
    const y = this.pick(body.scope.filter((other) => other.size.equals(x.size) && other.isMatrix === x.isMatrix));
    const name = this.name('v');
    body.add(`${name} = ${x.name} ${this.pick(['+', '-', '*'])} ${y.name}`);
    body.scope.push({ ...x, name });
  }

  join(body: Body): void {
    const x = this.pick(body.scope);
    const y = this.pick(body.scope.filter((other) => other.isMatrix === x.isMatrix));
    const name = this.name('v');
    body.add(`${name} = concat(${x.name}, ${y.name}, axis = 0)`);
    body.scope.push({ ...x, name, size: x.size.add(y.size) });
  }

  /** At most a few of the elements, by a size that has a name. */
  part(body: Body): void {
    const x = this.pick(body.scope);
    const [size, all, name] = [this.name('K'), this.name('v'), this.name('v')];
    const most = this.int(1, 3);
    body.add(`${all} = ${x.name}[${x.isMatrix ? `${x.name}[:, 0]` : x.name} > ${this.threshold()}] as [${size}${x.isMatrix ? ', 3' : ''}]`);
    body.add(`${name} = ${all}[0..min(${size}, ${most})]`);
    const made = this.size(x.size);
    body.scope.push({ ...x, name: all, size: made }, { ...x, name, size: made.min(most) });
  }

  /** A tensor that only has the size. */
  likeZeros(body: Body): void {
    const x = this.pick(body.scope);
    const [size, name] = [this.name('K'), this.name('v')];
    body.add(`_${size} = nonzero(${x.name} < ${this.threshold()}) as [${size}, ${x.isMatrix ? 2 : 1}]`);
    body.add(`${name} = zeros([${size}])`);
    body.scope.push({ name, size: this.size(elements(x)), isMatrix: false });
  }

  /** A use of a layer or of a function that was written before. */
  use(body: Body): void {
    const { name: callee, inputs, results } = this.pick(this.makers);
    const x = this.pick(body.scope.filter(({ isMatrix }) => !isMatrix));
    if (x === undefined) return;
    const same = body.scope.filter((other) => !other.isMatrix && other.size.equals(x.size));
    const given = Array.from({ length: inputs }, (_, i) => (i === 0 ? x : this.pick(same)).name).join(', ');
    const made = results(x.size).map((result): Tensor => ({ name: this.name('v'), ...result }));
    const target = made.length === 1 ? made[0]?.name : `(${made.map(({ name }) => name).join(', ')})`;
    body.add(`${target} = ${callee}(${given})`);
    body.scope.push(...made);
  }

  /** Turns of a loop, whose results are kept in a list. */
  loop(body: Body, depth: number): void {
    const turns = this.int(2, 3);
    const [list, i] = [this.name('list'), this.name('i')];
    const start = this.pick(body.scope);
    body.add(`${list} = [${start.name}]`);
    body.add(`for ${i} in 0..${turns} {`);
    body.indent += '  ';
    const before = body.scope.length;
    // The body of the loop is written once, and evaluated in each turn.
    const first = this.#made.length;
    body.add(`${this.name('unused')} = ${i}`.replace(/^unused/, '_unused'));
    for (let k = this.int(1, 2); k > 0; k--) this.statement(body, depth + 1);
    const last = this.#made.length;
    const kept = this.pick(body.scope.slice(before).concat(start));
    body.add(`${list} = [*${list}, ${kept.name}]`);
    body.indent = body.indent.slice(2);
    body.add('}');
    body.scope.length = before;
    for (let turn = 0; turn < turns; turn++) {
      const name = this.name('v');
      body.add(`${name} = ${list}[${turn + 1}]`);
      body.scope.push({ ...kept, name, size: kept.size.substitute(this.#again(first, last)) });
    }
  }

  branch(body: Body, depth: number): void {
    const name = this.name('v');
    const holds = this.chance(0.5);
    const options = [this.pick(body.scope), this.pick(body.scope)];
    body.add(`if ${holds ? 'deep' : '!deep'} {`);
    body.indent += '  ';
    const before = body.scope.length;
    this.statement(body, depth + 1);
    const inside = this.pick(body.scope.slice(before).concat(options));
    body.add(`${name} = ${inside.name}`);
    body.scope.length = before;
    body.indent = body.indent.slice(2);
    body.add('} else {');
    body.add(`  ${name} = ${options[0]?.name}`);
    body.add('}');
    // The hyperparameter is true.
    body.scope.push({ ...(holds ? inside : (options[0] as Tensor)), name });
  }

  /** A choice during the run between two tensors of one size. What its sides make stays inside. */
  choice(body: Body, depth: number): void {
    const [a, name] = [this.pick(body.scope), this.name('v')];
    const b = this.pick(body.scope.filter((other) => other.size.equals(a.size) && other.isMatrix === a.isMatrix));
    body.add(`${name} = cond sum(${this.pick(body.scope).name}) > ${this.threshold()} {`);
    this.inside(body, depth, () => {
      const made = this.pick(body.scope);
      body.add(`${a.name} * sum(${made.name})`);
    });
    body.add(`} else { ${b.name} }`);
    body.scope.push({ ...a, name });
  }

  /** A recurrence over the columns of a matrix, each step of which makes sizes. */
  recurrence(body: Body, depth: number): void {
    const matrix = this.pick(body.scope.filter(({ isMatrix }) => isMatrix));
    if (matrix === undefined) return;
    const [column, total, x, name] = [this.name('column'), this.name('total'), this.pick(body.scope), this.name('v')];
    body.add(`scan ${column} over ${matrix.name} axis 1 carry ${total}: Tensor[] = zeros {`);
    this.inside(body, depth, () => {
      body.scope.push({ name: column, size: matrix.size, isMatrix: false });
      this.statement(body, depth + 1);
      body.add(`next ${total} = ${total} + sum(${body.scope.at(-1)?.name})`);
    });
    body.add('}');
    body.add(`${name} = ${x.name} + ${total}`);
    body.scope.push({ ...x, name });
  }

  /** Lines in a block of their own, after a statement in it: what they bind is not seen after it. */
  inside(body: Body, depth: number, write: () => void): void {
    const before = body.scope.length;
    body.indent += '  ';
    this.statement(body, depth + 1);
    write();
    body.indent = body.indent.slice(2);
    body.scope.length = before;
  }

  /** A compile-time function, used twice. */
  function(body: Body): void {
    const [f, x] = [this.name('f'), this.pick(body.scope)];
    body.add(`let ${f}(v) = v[v ${this.pick(['<', '>'])} ${this.threshold()}]`);
    for (let k = 0; k < 2; k++) {
      const name = this.name('v');
      body.add(`${name} = ${f}(${x.name})`);
      body.scope.push({ name, size: this.size(elements(x)), isMatrix: false });
    }
  }

  /** A layer or function of vectors of one size. */
  maker(): void {
    const name = this.name('Make');
    const isLayer = this.chance(0.6);
    const inputs = this.int(1, 2);
    const body = new Body();
    const own = Dim.variable('n', 0);
    for (let i = 0; i < inputs; i++) body.scope.push({ name: `x${i}`, size: own, isMatrix: false });
    const first = this.#made.length;
    for (let k = this.int(1, 3); k > 0; k--) this.statement(body, 1);
    const last = this.#made.length;
    const results = Array.from({ length: this.int(1, 2) }, () => this.pick(body.scope));
    const types = results.map(({ isMatrix }, i) => `r${i}: Tensor[R${i}${isMatrix ? ', 3' : ''}]`);
    const inside = Array.from({ length: inputs }, (_, i) => `x${i}: Tensor[N]`).join(', ');
    this.declarations.push(
      [
        `${isLayer ? 'layer' : 'fn'} ${isLayer ? name : name.toLowerCase()}(${inside}) -> (${types.join(', ')}) where N >= 0 {`,
        '  let deep = true',
        ...body.lines,
        `  return (${results.map((r, i) => `r${i} = ${r.name}`).join(', ')})`,
        '}',
      ].join('\n'),
    );
    this.makers.push({
      name: isLayer ? name : name.toLowerCase(),
      isLayer,
      inputs,
      results: (size) => {
        const fresh = this.#again(first, last, new Map([['n', size]]));
        return results.map((r) => ({ size: r.size.substitute(fresh), isMatrix: r.isMatrix }));
      },
    });
  }
}

function elements({ size, isMatrix }: Tensor): Dim {
  return isMatrix ? size.mul(3) : size;
}

/** The program for a seed, always the same one. */
export function generate(seed: number): Program {
  const g = new Generator(seed);
  for (let k = g.int(0, 3); k > 0; k--) g.maker();
  const body = new Body();
  body.scope.push({ name: 'x', size: Dim.variable('n'), isMatrix: false }, { name: 'y', size: Dim.variable('n'), isMatrix: true });
  // A layer that is bound to a name has one set of weights, but is evaluated in each use.
  for (const maker of g.makers.filter(({ isLayer }) => isLayer && g.chance(0.5))) {
    const name = g.name('bound');
    body.add(`${name} = ${maker.name}`);
    g.makers.push({ ...maker, name });
  }
  for (let k = g.int(4, 9); k > 0; k--) g.statement(body, 0);
  const vectors = body.scope.filter(({ isMatrix }) => !isMatrix);
  const outputs = Array.from({ length: 4 }, () => g.pick(body.scope));
  const text = (lines: readonly string[]): string => {
    const results = outputs.map(({ isMatrix }, i) => `out${i}: Tensor[S${i}${isMatrix ? ', 3' : ''}]`).join(', ');
    const returned = outputs.map(({ name }, i) => `out${i} = ${name}`).join(', ');
    const model = `model M(deep = true)(x: Tensor[N], y: Tensor[N, 3]) -> (${results}) {`;
    return [...g.declarations, model, ...body.lines, ...lines, `  return (${returned})`, '}', ''].join('\n');
  };
  const sums = Array.from({ length: 3 }, () => {
    const [a, b] = [g.pick(vectors), g.pick(vectors)];
    return { text: text([`  _sum = ${a.name} + ${b.name}`]), areEqual: decideEqual(a.size, b.size, g.facts).kind === 'proved' };
  });
  return { text: text([]), outputs, sums, facts: g.facts, evaluations: g.evaluations };
}
