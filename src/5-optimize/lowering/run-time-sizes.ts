import { InternalError } from '../../diagnostics/internal-error.js';
import type { Atom } from '../../dims/atom.js';
import { Dim } from '../../dims/dim.js';
import { type Solution, solutionsOf } from '../../dims/solve.js';
import type { OnnxBuilder } from '../../ops/onnx-builder.js';
import type { TensorType } from '../../ops/types.js';

const scalarType: TensorType = { dtype: 'i64', shape: [] };
const one: TensorType = { dtype: 'i64', shape: [Dim.of(1)] };

/**
 * Computes symbolic sizes in the graph, from the shapes of its inputs: `floor((H + 31)/32)` becomes Shape, Gather, Add, Div. Each size and each
 * part of it is computed once.
 */
export class RunTimeSizes<V extends { readonly type: TensorType }> {
  readonly #g: OnnxBuilder<V>;
  readonly #inputs: () => readonly V[];
  readonly #known = new Map<string, V>();
  readonly #vectors = new Map<string, V>();
  #solutions: ReadonlyMap<string, Solution> | undefined;

  constructor(g: OnnxBuilder<V>, inputs: () => readonly V[]) {
    this.#g = g;
    this.#inputs = inputs;
  }

  /** int64 scalar. */
  scalar(size: Dim): V {
    const constant = size.constant;
    if (constant !== undefined) return this.#g.scalar(constant, 'i64');
    return this.#remember(size.key, () => this.#sum(size));
  }

  /** int64 vector. */
  vector(sizes: readonly Dim[]): V {
    const constants = sizes.map((d) => d.constant);
    if (constants.every((n) => n !== undefined)) return this.#g.ints(constants);
    const key = sizes.map((d) => d.key).join();
    const known = this.#vectors.get(key);
    if (known !== undefined) return known;
    const axis = this.#g.ints([0]);
    const parts = sizes.map((d) => {
      const constant = d.constant;
      if (constant !== undefined) return this.#g.ints([constant]);
      return this.#remember(`[${d.key}]`, () => this.#direct(d) ?? this.#node('Unsqueeze', [this.scalar(d), axis], one));
    });
    const [only] = parts;
    const made =
      parts.length === 1 && only !== undefined
        ? only
        : this.#g.node('Concat', parts, { axis: { int: 0 } }, [{ dtype: 'i64', shape: [Dim.of(sizes.length)] }])[0];
    if (made === undefined) throw new InternalError('Concat has no output');
    this.#vectors.set(key, made);
    return made;
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
      const factor = this.#g.scalar(coefficient, 'i64');
      const term = product === undefined ? factor : coefficient === 1 ? product : this.#node('Mul', [product, factor]);
      sum = sum === undefined ? term : this.#node('Add', [sum, term]);
    }
    return sum ?? this.#g.scalar(0, 'i64');
  }

  #atom(atom: Atom): V {
    switch (atom.kind) {
      case 'variable':
        return this.#variable(atom.name);
      case 'max':
        return this.#node('Max', [this.scalar(atom.value), this.#g.scalar(0, 'i64')]);
      case 'floor': {
        const value = this.scalar(atom.value);
        const divisor = this.scalar(atom.divisor);
        // ONNX Runtime 1.30 takes 1/n * m for m/n, in integers, too. For a divisor of at least 1 the quotient is 1 or 0.
        if (atom.value.constant === 1) return this.#node('Max', [this.scalar(Dim.of(2).sub(atom.divisor)), this.#g.scalar(0, 'i64')]);
        // ONNX divides integers towards zero; its Mod has the sign of the divisor, so that this is floor division for every sign.
        if (atom.value.bounds.min >= 0) return this.#node('Div', [value, divisor]);
        return this.#node('Div', [this.#node('Sub', [value, this.#node('Mod', [value, divisor])]), divisor]);
      }
    }
  }

  /** The size that an axis of an input tells: the axis itself, or what makes the axis as long as it is. */
  #variable(name: string): V {
    const inputs = this.#inputs();
    this.#solutions ??= solutionsOf(inputs.map((input) => input.type.shape));
    const solution = this.#solutions.get(name);
    const input = solution === undefined ? undefined : inputs[solution.shape];
    if (solution === undefined || input === undefined) throw new InternalError(`no input tells the size ${name}`);
    const { slope, rest, axis } = solution;
    const actual = this.#sizeOf(input, axis);
    const isRising = slope.bounds.min >= 1;
    const divisor = isRising ? slope : slope.neg();
    let difference = actual;
    if (!isRising) difference = this.#node('Sub', [this.scalar(rest), actual]);
    else if (rest.constant !== 0) difference = this.#node('Sub', [actual, this.scalar(rest)]);
    return divisor.constant === 1 ? difference : this.#node('Div', [difference, this.scalar(divisor)]);
  }

  /** A size that is an axis of an input, as a vector of one. */
  #direct(size: Dim): V | undefined {
    for (const input of size.variableName === undefined ? [] : this.#inputs()) {
      const axis = input.type.shape.findIndex((d) => d.variableName === size.variableName);
      if (axis >= 0) return this.#shapeOf(input, axis);
    }
    return undefined;
  }

  #sizeOf(input: V, axis: number): V {
    return this.#node('Squeeze', [this.#shapeOf(input, axis), this.#g.ints([0])]);
  }

  #shapeOf(input: V, axis: number): V {
    const [shape] = this.#g.node('Shape', [input], { start: { int: axis }, end: { int: axis + 1 } }, [one]);
    if (shape === undefined) throw new InternalError('Shape has no output');
    return shape;
  }

  #node(op: string, inputs: readonly V[], type: TensorType = scalarType): V {
    const [output] = this.#g.node(op, inputs, {}, [type]);
    if (output === undefined) throw new InternalError(`${op} has no output`);
    return output;
  }
}
