import { opNamed } from '../../src/ops/registry.js';
import { RuleFailure } from '../../src/ops/rule.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import type { Style } from './data.js';
import type { Draw } from './draw.js';
import type { Program } from './program.js';
import type { Run } from './run.js';
import { Size, type Sizes } from './size.js';
import { argument, isExact, operand, rounded, type Source, sameAxes, shapeText, type Tensor, typeText } from './tensor.js';

/** Thrown by a move that cannot be made here; another one is tried. */
export class Impossible extends Error {}

/** A tensor that comes from outside a body. */
export interface Side {
  readonly dtype: DType;
  readonly axes: readonly Size[];
  readonly style: Style;
  /** For `ids`: they are below it. */
  readonly count?: Size;
}

/** An option of a call: how it is written, and its value. */
export interface Option {
  readonly text: string;
  readonly at: (sizes: Sizes) => unknown;
}
export type Options = Readonly<Record<string, Option | undefined>>;

export interface Out {
  readonly dtype: DType;
  readonly axes: readonly Size[];
  /** Default: rounded. */
  readonly bits?: number;
  /** Default: whether an input is. */
  readonly wild?: boolean;
}

type Input = Tensor | readonly Tensor[] | undefined;

/** Options that PyTorch takes at this place after the tensors, so that they may be given by position. */
const byPosition: Readonly<Record<string, readonly string[]>> = {
  softmax: ['axis'],
  log_softmax: ['axis'],
  mean: ['axis', 'keep'],
  sum: ['axis', 'keep'],
  squeeze: ['axes'],
  unsqueeze: ['axes'],
  cumsum: ['axis'],
  transpose: ['perm'],
  clip: ['min', 'max'],
  topk: ['k'],
  max_pool2d: ['kernel', 'stride', 'padding'],
};

/** One body that is being drawn: the lines so far, the tensors in scope, and the same computation as values. */
export class Draft {
  readonly program: Program;
  readonly lines: string[] = [];
  readonly scope: Tensor[] = [];
  /** The body on one set of sizes, from which the moves see magnitudes and mistakes at once. */
  readonly live: Run;
  readonly labels = new Set<string>();
  /** Facts that the signature of a body has to state. */
  readonly facts: { readonly size: Size; readonly least: number }[] = [];
  /** Whether this body may hold labels and parameters. */
  readonly owns: boolean;
  readonly #newSide: ((side: Side) => Tensor) | undefined;
  readonly #require: (size: Size, least: number) => void;
  readonly #least: (size: Size) => number;
  #indent = '  ';

  constructor(
    program: Program,
    live: Run,
    options: {
      readonly owns: boolean;
      /** Makes a tensor from outside; absent where a body cannot have more of them. */
      readonly side?: ((side: Side) => Tensor) | undefined;
      /** States a fact about a size in the signatures around. */
      readonly require: (size: Size, least: number) => void;
      /** The least value of a size where the body is used; absent where its names may have any. */
      readonly least?: (size: Size) => number;
    },
  ) {
    this.program = program;
    this.live = live;
    this.owns = options.owns;
    this.#newSide = options.side;
    this.#require = options.require;
    this.#least = options.least ?? (() => Number.POSITIVE_INFINITY);
  }

  get draw(): Draw {
    return this.program.draw;
  }

  seen(...constructs: readonly string[]): void {
    for (const construct of constructs) this.program.constructs.add(construct);
  }

  // ---------------------------------------------------------------- text

  line(text: string): void {
    this.lines.push(this.#indent + text);
  }

  /** Lines inside braces. */
  block(head: string, body: () => void, tail = '}'): void {
    this.line(head);
    this.indented(body);
    this.line(tail);
  }

  indented(body: () => void): void {
    const outer = this.#indent;
    this.#indent += '  ';
    body();
    this.#indent = outer;
  }

  name(stem: string): string {
    return this.program.name(stem);
  }

  label(stem: string): string {
    for (let i = 0; ; i++) {
      const label = i === 0 ? stem : `${stem}${i}`;
      if (this.labels.has(label)) continue;
      this.labels.add(label);
      return label;
    }
  }

  // ---------------------------------------------------------------- tensors

  /** A tensor written as `text`, bound to a variable or left as an expression. */
  made(
    text: string,
    form: Tensor['form'],
    out: Out,
    source: Source,
    { index = 0, bind = this.draw.chance(0.6) || text.length > 60 }: { index?: number; bind?: boolean } = {},
  ): Tensor {
    const bits = out.bits ?? rounded;
    const tensor = { dtype: out.dtype, axes: out.axes, source, index, bits, wild: out.wild ?? false };
    if (bind) {
      const name = this.name('v');
      this.line(`${name} = ${text}`);
      return this.keep({ ...tensor, text: name, form: 'atom' });
    }
    this.seen('nested expression');
    return this.keep({ ...tensor, text, form });
  }

  /** Puts a tensor into scope, after a look at its value. */
  keep(tensor: Tensor): Tensor {
    const value = this.value(tensor);
    const expected = tensor.axes.map((axis) => axis.at(this.live.sizes));
    if (value.dtype !== tensor.dtype || value.shape.join() !== expected.join())
      throw new Error(`${tensor.text} is ${value.dtype}[${value.shape}], not ${typeText(tensor.dtype, tensor.axes)}`);
    this.scope.push(tensor);
    return tensor;
  }

  value(tensor: Tensor): NdArray {
    try {
      return this.live.of(tensor);
    } catch (error) {
      if (error instanceof RuleFailure) throw new Impossible(error.message);
      throw error;
    }
  }

  /** Calls an operator and binds what it gives. */
  call(
    name: string,
    inputs: readonly Input[],
    options: Options,
    out: Out,
    how: { infix?: string; prefix?: string; text?: string; piped?: boolean; bind?: boolean } = {},
  ): Tensor {
    const source = this.source(name, inputs, options);
    const wild = out.wild ?? inputs.some((input) => input !== undefined && [input].flat().some((t) => t.wild));
    const { text, form } = this.#written(name, inputs, options, how);
    return this.made(text, form, { ...out, wild }, source, how.bind === undefined ? {} : { bind: how.bind });
  }

  /** Calls an operator with several outputs, taken apart. */
  callSeveral(
    name: string,
    inputs: readonly Input[],
    options: Options,
    outs: readonly Out[],
    take: readonly boolean[] = outs.map(() => true),
  ): readonly Tensor[] {
    const source = this.source(name, inputs, options);
    const names = outs.map((_, i) => (take[i] === false ? '_' : this.name('v')));
    if (take.includes(false)) this.seen('`_` in a pattern');
    this.seen('tuple pattern');
    this.line(`(${names.join(', ')}) = ${this.#written(name, inputs, options, {}).text}`);
    const tensors: Tensor[] = [];
    for (const [index, out] of outs.entries()) {
      if (take[index] === false) continue;
      const tensor: Tensor = {
        text: names[index] ?? '',
        form: 'atom',
        dtype: out.dtype,
        axes: out.axes,
        source,
        index,
        bits: out.bits ?? rounded,
        wild: out.wild ?? false,
      };
      tensors.push(this.keep(tensor));
    }
    return tensors;
  }

  source(name: string, inputs: readonly Input[], options: Options): Source {
    this.program.operators.push(name);
    return {
      compute: (run) => {
        const attrs = Object.fromEntries(Object.entries(options).map(([key, option]) => [key, option?.at(run.sizes)]));
        return run.op(
          name,
          inputs.map((input) => (input === undefined ? undefined : isList(input) ? input.map((t) => run.of(t)) : run.of(input))),
          attrs,
        );
      },
    };
  }

  #written(
    name: string,
    inputs: readonly Input[],
    options: Options,
    how: { infix?: string; prefix?: string; text?: string; piped?: boolean },
  ): { text: string; form: Tensor['form'] } {
    if (how.text !== undefined) return { text: how.text, form: 'infix' };
    const [first, second] = inputs;
    if (how.infix !== undefined && first !== undefined && second !== undefined && !isList(first) && !isList(second)) {
      this.seen('operators on tensors');
      return { text: `${operand(first)} ${how.infix} ${operand(second)}`, form: 'infix' };
    }
    if (how.prefix !== undefined && first !== undefined && !isList(first)) {
      this.seen('operators on tensors');
      return { text: `${how.prefix}${operand(first)}`, form: 'infix' };
    }
    const names = Object.keys(opNamed(name)?.inputs ?? {});
    const piped = first !== undefined && !isList(first) && (how.piped === true || this.draw.chance(0.5));
    const args: string[] = [];
    // PyTorch's function takes running statistics where archc takes a scale.
    let positional = name !== 'instance_norm';
    for (const [i, input] of inputs.entries()) {
      if (i === 0 && piped) continue;
      if (input === undefined) {
        positional = false;
        continue;
      }
      if (isList(input)) args.push(this.draw.chance(0.3) ? `[${input.map(argument).join(', ')}]` : input.map(argument).join(', '));
      else args.push(positional || i === 0 ? argument(input) : `${names[i]} = ${argument(input)}`);
    }
    const written = Object.entries(options).filter((entry): entry is [string, Option] => entry[1] !== undefined);
    const order = byPosition[name];
    const byPlace = order !== undefined && written.length > 0 && written.every(([key], i) => key === order[i]) && this.draw.chance(0.5);
    if (byPlace) this.seen('option by position');
    else if (written.length > 0) this.seen('option by name');
    for (const [key, option] of written) args.push(byPlace ? option.text : `${key} = ${option.text}`);
    if (piped) {
      this.seen('pipeline');
      const head = (first as Tensor).form === 'infix' && this.draw.chance(0.5) ? operand(first as Tensor) : (first as Tensor).text;
      return { text: `${head} -> ${name}${args.length > 0 ? `(${args.join(', ')})` : ''}`, form: 'pipe' };
    }
    this.seen('call');
    return { text: `${name}(${args.join(', ')})`, form: 'atom' };
  }

  // ---------------------------------------------------------------- choice of operands

  get canSide(): boolean {
    return this.#newSide !== undefined;
  }

  side(side: Side): Tensor {
    if (this.#newSide === undefined) throw new Impossible('this body takes no more inputs');
    return this.#newSide(side);
  }

  /** A tensor of the scope, rather a late one; a new input where nothing fits. */
  tensor(fits: (tensor: Tensor) => boolean, otherwise?: () => Tensor): Tensor {
    const fitting = this.scope.filter(fits);
    if (fitting.length === 0 || (otherwise !== undefined && this.canSide && this.draw.chance(0.06))) {
      if (otherwise === undefined) throw new Impossible('no such tensor');
      return otherwise();
    }
    const back = Math.floor(this.draw.number() ** 2 * fitting.length);
    return fitting[fitting.length - 1 - back] as Tensor;
  }

  /** A float tensor without infinities, of moderate size, in which small differences do no harm; or an `exact` one. */
  float({
    rank,
    least = 0,
    exact = false,
    fits = () => true,
  }: {
    rank?: number;
    least?: number;
    exact?: boolean;
    fits?: (t: Tensor) => boolean;
  } = {}): Tensor {
    return this.tensor(
      (t) =>
        t.dtype === 'f32' &&
        !t.wild &&
        t.axes.length <= 4 &&
        (rank === undefined || t.axes.length === rank) &&
        t.axes.length >= least &&
        (!exact || isExact(t)) &&
        fits(t),
      () => {
        const made = this.side({
          dtype: 'f32',
          axes: this.someAxes(rank ?? Math.max(least, this.draw.int(1, 3))),
          style: exact || this.draw.chance(0.4) ? 'grid' : 'smooth',
        });
        if (!fits(made)) throw new Impossible('no such tensor');
        return made;
      },
    );
  }

  /** Axes for a new input; or with `bound` of sizes that inputs have already. */
  someAxes(rank: number, { bound = false }: { bound?: boolean } = {}): readonly Size[] {
    const all = this.program.sizeNames(this.live.sizes);
    const names = this.draw.shuffled(
      bound ? all.filter((name) => this.scope.some((t) => t.source.isInput === true && t.axes.some((axis) => axis.text === name))) : all,
    );
    return Array.from({ length: rank }, (_, i) => {
      const name = names[i];
      return name !== undefined && this.draw.chance(0.6) ? Size.named(name) : Size.of(this.draw.pick([1, 2, 2, 3, 3, 4, 4, 6, 8]));
    });
  }

  /** Whether every name in a size is bound by an input of this body. */
  bound(size: Size): boolean {
    const names = size.text.match(/\b[A-Za-z]\w*/g)?.filter((name) => name !== 'max' && name !== 'min') ?? [];
    const bound = new Set(this.scope.filter((t) => t.source.isInput === true).flatMap((t) => t.axes.map((axis) => axis.text)));
    return names.every((name) => bound.has(name) || /^h\d/.test(name));
  }

  /** Puts `by` into the place of a tensor in scope. */
  replace(tensor: Tensor, by: Tensor): Tensor {
    this.scope.splice(this.scope.indexOf(tensor), 1);
    return this.keep(by);
  }

  /** The least value of a size, over all values that its names may have here. */
  least(size: Size): number {
    return Math.min(this.program.least(size, this.live.sizes), this.#least(size));
  }

  /** Makes sure that a size is at least this; or leaves it to the run. */
  atLeast(size: Size, least: number): void {
    if (this.least(size) >= least) return;
    if (size.at(this.live.sizes) < least) throw new Impossible('too small');
    if (this.draw.chance(0.5)) this.#require(size, least);
  }

  require(size: Size, least: number): void {
    if (this.least(size) >= least) return;
    if (size.at(this.live.sizes) < least) throw new Impossible('too small');
    this.#require(size, least);
  }

  /** Largest finite magnitude of a tensor on the live sizes. */
  magnitude(tensor: Tensor): number {
    return this.value(tensor).data.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  }

  /** The tensor, or a bounded form of it. */
  calm(tensor: Tensor, most = 20): Tensor {
    if (this.magnitude(tensor) <= most) return tensor;
    if (isExact(tensor))
      return this.call('clip', [tensor], { min: num(-4), max: num(4) }, { dtype: 'f32', axes: tensor.axes, bits: tensor.bits });
    return this.call('tanh', [tensor], {}, { dtype: 'f32', axes: tensor.axes });
  }

  /** A tensor of these axes: one of the scope, or a new one. */
  like(axes: readonly Size[], dtype: DType, style: Style, exact = false): Tensor {
    return this.tensor(
      (t) => t.dtype === dtype && !t.wild && sameAxes(t.axes, axes) && (!exact || isExact(t)),
      () => this.side({ dtype, axes, style }),
    );
  }
}

export function isList(input: Tensor | readonly Tensor[]): input is readonly Tensor[] {
  return Array.isArray(input);
}

// ---------------------------------------------------------------- options

export function num(value: number): Option {
  return { text: Object.is(value, Infinity) ? 'inf' : Object.is(value, -Infinity) ? '-inf' : String(value), at: () => value };
}
export function float(value: number): Option {
  return { text: Number.isInteger(value) ? value.toFixed(1) : String(value), at: () => value };
}
export function list(values: readonly number[]): Option {
  return { text: `[${values.join(', ')}]`, at: () => values };
}
export function word(value: string): Option {
  return { text: `"${value}"`, at: () => value };
}
export function flag(value: boolean): Option {
  return { text: String(value), at: () => value };
}
export function dtype(value: DType): Option {
  return { text: value, at: () => value };
}
export function sized(size: Size): Option {
  return { text: size.text, at: (sizes) => size.at(sizes) };
}
export function sizedList(sizes: readonly Size[]): Option {
  return { text: shapeText(sizes), at: (at) => sizes.map((s) => s.at(at)) };
}
