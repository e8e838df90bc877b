import { InternalError } from '../../diagnostics/internal-error.js';
import { Dim } from '../../dims/dim.js';
import { type Solution, solutionsOf } from '../../dims/solve.js';
import type { Atom } from '../../dims/terms.js';
import { nth, only } from '../../ops/only.js';
import type { OnnxBuilder } from '../../ops/onnx-builder.js';
import type { TensorType } from '../../ops/types.js';

const one: TensorType = { dtype: 'i64', shape: [Dim.of(1)] };

/** What determines sizes at run time. */
export interface SizeOrigins<V> {
  /** The inputs, whose axes determine all sizes that are in their types. */
  readonly inputs: () => readonly V[];
  /** The names of sizes that come into being in the graph. */
  readonly made: readonly string[];
  /** In a body of control flow: gives the vector of sizes that were known before it. */
  readonly outer?: ((sizes: readonly Dim[]) => V) | undefined;
}

/**
 * Computes symbolic sizes in the graph, from the shapes of its inputs, and of results for sizes that came into being with them: `(H + 31) // 32` becomes Shape, Add, Div on vectors of one element.
 * Each size and each part of it is computed once. There is no Squeeze, Unsqueeze or Reshape here: their results share the memory of their
 * input, which ONNX Runtime 1.30 frees too early if a model runs on WebGPU and its sizes on the CPU.
 */
export class RunTimeSizes<V extends { readonly type: TensorType }> {
  readonly #g: OnnxBuilder<V>;
  readonly #inputs: () => readonly V[];
  readonly #outer: ((sizes: readonly Dim[]) => V) | undefined;
  readonly #known = new Map<string, V>();
  readonly #vectors = new Map<string, V>();
  #solutions: ReadonlyMap<string, Solution> | undefined;
  /** The sizes that come into being in the graph, each with the first value that has an axis of it. */
  readonly #made = new Map<string, { readonly value: V; readonly axis: number } | undefined>();

  constructor(g: OnnxBuilder<V>, { inputs, made, outer }: SizeOrigins<V>) {
    this.#g = g;
    this.#inputs = inputs;
    this.#outer = outer;
    for (const name of made) this.#made.set(name, undefined);
  }

  /** Looks in a new value for sizes that came into being with it. */
  note(value: V): void {
    if (this.#made.size === 0) return;
    for (const [axis, { variableName: name }] of value.type.shape.entries())
      if (name !== undefined && this.#made.has(name) && this.#made.get(name) === undefined) this.#made.set(name, { value, axis });
  }

  #isMadeHere(size: Dim): boolean {
    return this.#made.size > 0 && [...size.variables()].some((name) => this.#made.get(name) !== undefined);
  }

  /** int64 vector. */
  vector(sizes: readonly Dim[]): V {
    const constants = sizes.map((d) => d.constant);
    if (constants.every((n) => n !== undefined)) return this.#g.ints(constants);
    if (this.#outer !== undefined && !sizes.some((size) => this.#isMadeHere(size))) return this.#outer(sizes);
    const key = sizes.map((d) => d.key).join();
    const known = this.#vectors.get(key);
    if (known !== undefined) return known;
    const parts = this.#parts(sizes);
    const type: TensorType = { dtype: 'i64', shape: [Dim.of(sizes.length)] };
    const made = parts.length === 1 ? nth(parts, 0) : only(this.#g.node('Concat', parts, { axis: { int: 0 } }, [type]));
    this.#vectors.set(key, made);
    return made;
  }

  /** Vectors whose concatenation is the sizes. Sizes that are adjacent axes of one input share a vector. */
  #parts(sizes: readonly Dim[]): readonly V[] {
    const parts: V[] = [];
    for (let i = 0; i < sizes.length; ) {
      const run = this.#longestRun(sizes.slice(i));
      parts.push(run === undefined ? this.#single(nth(sizes, i)) : this.#shapeOf(run.input, run.axis, run.length));
      i += run?.length ?? 1;
    }
    return parts;
  }

  /** The longest run of sizes, from the first one on, that are adjacent axes of one input; undefined if fewer than two of them are open. */
  #longestRun(sizes: readonly Dim[]): { readonly input: V; readonly axis: number; readonly length: number } | undefined {
    let longest: { readonly input: V; readonly axis: number; readonly length: number } | undefined;
    for (const input of this.#inputs()) {
      const { shape } = input.type;
      for (const axis of shape.keys()) {
        const differs = sizes.findIndex((size, k) => shape[axis + k]?.equals(size) !== true);
        const length = differs === -1 ? sizes.length : differs;
        if (length > (longest?.length ?? 1)) longest = { input, axis, length };
      }
    }
    const open = sizes.slice(0, longest?.length ?? 0).filter(({ constant }) => constant === undefined);
    return open.length > 1 ? longest : undefined;
  }

  /** One size as a vector. */
  #single(size: Dim): V {
    const constant = size.constant;
    return constant === undefined ? this.#remember(size.key, () => this.#partOfAxis(size) ?? this.#sum(size)) : this.#g.ints([constant]);
  }

  /** A size that is an axis of an input, or that axis divided by a number. */
  #partOfAxis(size: Dim): V | undefined {
    for (const input of this.#outer === undefined ? this.#inputs() : [])
      for (const [axis, whole] of input.type.shape.entries()) {
        const divisor = ratioOf(whole, size);
        if (divisor === 1) return this.#shapeOf(input, axis);
        if (divisor !== undefined) return this.#node('Div', [this.#shapeOf(input, axis), this.#g.ints([divisor])]);
      }
    return undefined;
  }

  #remember(key: string, make: () => V): V {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  #sum(size: Dim): V {
    let sum: V | undefined;
    for (const { coefficient, monomial } of size.terms) {
      let product: V | undefined;
      for (const { atom, power } of monomial.factors) {
        const value = this.#remember(atom.key, () => this.#atom(atom));
        for (let i = 0; i < power; i++) product = product === undefined ? value : this.#node('Mul', [product, value]);
      }
      const factor = this.#g.ints([coefficient]);
      const term = product === undefined ? factor : coefficient === 1 ? product : this.#node('Mul', [product, factor]);
      sum = sum === undefined ? term : this.#node('Add', [sum, term]);
    }
    return sum ?? this.#g.ints([0]);
  }

  #atom(atom: Atom): V {
    switch (atom.kind) {
      case 'variable':
        return this.#variable(atom.name);
      case 'max':
        return this.#node('Max', [this.#single(atom.value), this.#g.ints([0])]);
      case 'floor': {
        const value = this.#single(atom.value);
        const divisor = this.#single(atom.divisor);
        // ONNX Runtime 1.30 replaces 1/n * m with m/n, even for integers. For a divisor of at least 1, the quotient is 1 or 0.
        if (atom.value.constant === 1) return this.#node('Max', [this.#single(Dim.of(2).sub(atom.divisor)), this.#g.ints([0])]);
        // ONNX divides integers toward zero; its Mod has the sign of the divisor, so this is floor division for every sign.
        if (atom.value.bounds.min >= 0) return this.#node('Div', [value, divisor]);
        return this.#node('Div', [this.#node('Sub', [value, this.#node('Mod', [value, divisor])]), divisor]);
      }
    }
  }

  /** The size that an axis determines: the axis itself, or the value that makes the axis that long. */
  #variable(name: string): V {
    const made = this.#made.get(name);
    if (made !== undefined) return this.#shapeOf(made.value, made.axis);
    if (this.#outer !== undefined) return this.#outer([Dim.variable(name, 0)]);
    const inputs = this.#inputs();
    this.#solutions ??= solutionsOf(inputs.map((input) => input.type.shape));
    const solution = this.#solutions.get(name);
    const input = solution === undefined ? undefined : inputs[solution.shape];
    if (solution === undefined || input === undefined) throw new InternalError(`no input tells the size ${name}`);
    const { slope, rest, axis } = solution;
    const actual = this.#shapeOf(input, axis);
    const isRising = slope.bounds.min >= 1;
    const divisor = isRising ? slope : slope.neg();
    let difference = actual;
    if (!isRising) difference = this.#node('Sub', [this.#single(rest), actual]);
    else if (rest.constant !== 0) difference = this.#node('Sub', [actual, this.#single(rest)]);
    return divisor.constant === 1 ? difference : this.#node('Div', [difference, this.#single(divisor)]);
  }

  #shapeOf(input: V, axis: number, length = 1): V {
    const type: TensorType = { dtype: 'i64', shape: [Dim.of(length)] };
    return only(this.#g.node('Shape', [input], { start: { int: axis }, end: { int: axis + length } }, [type]));
  }

  #node(op: string, inputs: readonly V[], type: TensorType = one): V {
    const [output] = this.#g.node(op, inputs, {}, [type]);
    if (output === undefined) throw new InternalError(`${op} has no output`);
    return output;
  }
}

/** The positive integer by which `part` must be multiplied to give `whole`, if there is one. */
function ratioOf(whole: Dim, part: Dim): number | undefined {
  const [a, b] = [whole.terms[0], part.terms[0]];
  if (a === undefined || b === undefined || whole.constant !== undefined) return undefined;
  const ratio = a.coefficient / b.coefficient;
  return Number.isInteger(ratio) && ratio >= 1 && part.mul(ratio).equals(whole) ? ratio : undefined;
}
