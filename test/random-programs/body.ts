import type { NdArray } from '../../src/ops/types.js';
import { Draft, Impossible, type Side } from './draft.js';
import { Run } from './run.js';
import { Size } from './size.js';
import { argument, rounded, type Tensor, typeText } from './tensor.js';

interface Formal {
  readonly tensor: Tensor;
  readonly type: string;
  /** What the use has to give, in the body's own names; absent for the tensors that the body was drawn for. */
  readonly side: Side | undefined;
}

export interface BodyOptions {
  readonly kind: 'layer' | 'fn';
  /** Integer hyperparameters or options, which the body may use as sizes. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** How the types of the given tensors are written, where not as their axes. */
  readonly types?: readonly (string | undefined)[];
}

/** A layer or function that is drawn for a first use, and can be used again on other tensors of like types. */
export class Body {
  readonly name: string;
  readonly inner: Draft;
  readonly formals: Formal[] = [];
  readonly #numbers: Readonly<Record<string, number>>;
  /** What the body's names for sizes are at the use for which it is drawn. */
  readonly #outer = new Map<string, Size>();
  readonly #sides: Tensor[] = [];
  #results: readonly { readonly tensor: Tensor; readonly type?: string }[] = [];

  constructor(d: Draft, given: readonly Tensor[], options: BodyOptions) {
    const { kind, numbers = {}, types = [] } = options;
    this.name = d.name(kind === 'layer' ? 'L' : 'f');
    this.#numbers = numbers;
    const sizes = new Map(Object.entries(numbers));
    const axes = given.map((tensor) =>
      tensor.axes.map((axis) => {
        if (axis.constant !== undefined) return axis;
        const known = [...this.#outer].find(([, size]) => size.text === axis.text);
        if (known !== undefined) return Size.named(known[0]);
        const name = `${'ABCDEFG'[this.#outer.size] ?? 'Z'}${this.#outer.size}`;
        this.#outer.set(name, axis);
        sizes.set(name, axis.at(d.live.sizes));
        return Size.named(name);
      }),
    );
    for (const [i, tensor] of given.entries()) {
      const formal = this.#formal(d.name('a'), tensor, axes[i] as readonly Size[]);
      this.formals.push({ tensor: formal, type: types[i] ?? typeText(formal.dtype, formal.axes), side: undefined });
    }
    const live = new Run(
      d.live.world,
      sizes,
      new Map(this.formals.map(({ tensor }, i) => [tensor, d.value(given[i] as Tensor)])),
      `${d.live.path}${this.name}.`,
    );
    this.inner = new Draft(d.program, live, {
      owns: kind === 'layer',
      side: d.canSide ? (side) => this.#side(d, side) : undefined,
      require: (size, least) => {
        d.require(this.#renamed(size), least);
        d.seen('`where` of a layer');
        this.inner.facts.push({ size, least });
      },
      // What is given to the body may be empty, although its own name for the size means 1 or more.
      least: (size) => d.least(this.#renamed(size)),
    });
    for (const { tensor } of this.formals) this.inner.keep(tensor);
  }

  #formal(name: string, { dtype, bits, wild }: Pick<Tensor, 'dtype' | 'bits' | 'wild'>, axes: readonly Size[]): Tensor {
    const source = {
      isInput: true,
      compute: (): readonly NdArray[] => {
        throw new Error(`${name} was not given`);
      },
    };
    return { text: name, form: 'atom', dtype, axes, source, index: 0, bits, wild };
  }

  #renamed(size: Size): Size {
    return size.renamed((name) => this.#outer.get(name) ?? Size.of(this.#numbers[name] ?? Number.NaN));
  }

  #side(d: Draft, side: Side): Tensor {
    const outer = d.side({
      ...side,
      axes: side.axes.map((axis) => this.#renamed(axis)),
      ...(side.count === undefined ? {} : { count: this.#renamed(side.count) }),
    });
    const formal = this.#formal(d.name('a'), outer, side.axes);
    this.formals.push({ tensor: formal, type: typeText(side.dtype, side.axes), side });
    this.#sides.push(outer);
    this.inner.live.give(formal, d.value(outer));
    return this.inner.keep(formal);
  }

  /** Ends the body and puts its declaration into the program. `lines` replaces a plain `return`. */
  declare(
    results: readonly { readonly tensor: Tensor; readonly name?: string; readonly type?: string }[],
    { hyper = '', plain = true, doc = '' }: { hyper?: string; plain?: boolean; doc?: string } = {},
  ): void {
    const { inner } = this;
    this.#results = results;
    const types = results.map(({ tensor, type }) => type ?? typeText(tensor.dtype, tensor.axes));
    if (plain)
      inner.line(
        `return ${results.length === 1 ? results[0]?.tensor.text : `(${results.map(({ tensor }) => argument(tensor)).join(', ')})`}`,
      );
    const inputs = this.formals.map(({ tensor, type }) => `${tensor.text}: ${type}`);
    const signature = inner.owns
      ? `${hyper === '' ? '' : `(${hyper})`}(${inputs.join(', ')})`
      : `(${[...inputs, ...(hyper === '' ? [] : [hyper])].join(', ')})`;
    const result =
      results.length === 1 && results[0]?.name === undefined
        ? types[0]
        : `(${results.map(({ name }, i) => `${name ?? `r${i}`}: ${types[i]}`).join(', ')})`;
    const where =
      inner.facts.length === 0 ? ' ' : `\n  where ${inner.facts.map(({ size, least }) => `${size.text} >= ${least}`).join(', ')}\n`;
    inner.program.declarations.push(
      `${doc}${inner.owns ? 'layer' : 'fn'} ${this.name}${signature} -> ${result}${where}{\n${inner.lines.join('\n')}\n}`,
    );
  }

  /** The arguments that a use adds to the tensors that it is about. */
  get arguments(): readonly Tensor[] {
    return this.#sides;
  }

  /** The results of a use on these tensors, whose axes are those of the first use; `label` is that of its weights. */
  results(given: readonly Tensor[], label: string, sides: readonly Tensor[] = this.#sides): readonly Omit<Tensor, 'text' | 'form'>[] {
    const actual = [...given, ...sides];
    const source = {
      compute: (run: Run): readonly NdArray[] => {
        const sizes = new Map(Object.entries(this.#numbers));
        for (const [name, size] of this.#outer) sizes.set(name, size.at(run.sizes));
        const path = label === '' ? run.path : `${run.path}${label}.`;
        const child = new Run(run.world, sizes, new Map(this.formals.map(({ tensor }, i) => [tensor, run.of(actual[i] as Tensor)])), path);
        const values = this.#results.map(({ tensor }) => child.of(tensor));
        if (child.sawEmpty) run.sawEmpty = true;
        return values;
      },
    };
    return this.#results.map(({ tensor }, index) => ({
      dtype: tensor.dtype,
      axes: tensor.axes.map((axis) => this.#renamed(axis)),
      bits: tensor.bits,
      wild: tensor.wild,
      source,
      index,
    }));
  }
}

/** A weight of the body: `param` or `buffer`, with the text of its first values. */
export function stored(
  d: Draft,
  axes: readonly Size[],
  init: string,
  { kind = 'param', named }: { kind?: 'param' | 'buffer'; named?: string } = {},
): Tensor {
  if (!d.owns) throw new Impossible('a function owns nothing');
  if (axes.some((axis) => axis.constant === undefined && !/^h\d/.test(axis.text))) throw new Impossible('an open size');
  const name = d.name('w');
  const label = named ?? name;
  d.labels.add(label);
  d.line(`${kind} ${name}: ${typeText('f32', axes)}${init === '' ? '' : ` = ${init}`}${named === undefined ? '' : ` named "${named}"`}`);
  d.seen(kind === 'param' ? '`param`' : '`buffer`');
  if (named !== undefined) d.seen('`named`');
  const source = {
    compute: (run: Run) => [
      run.weight(
        label,
        axes.map((axis) => axis.at(run.sizes)),
      ),
    ],
  };
  return d.keep({ text: name, form: 'atom', dtype: 'f32', axes, source, index: 0, bits: rounded, wild: false });
}
