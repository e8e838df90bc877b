import type { Signature, TensorSignature } from '../api/signature.js';
import { docComment } from './comments.js';
import { keyOf, localName } from './names.js';

type Lines = readonly string[];

/** The element types that a typed tensor can have. */
const typed: ReadonlySet<string> = new Set(['f32', 'f64', 'f16', 'bf16', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'bool']);

/** The sizes that TypeScript can compare and infer: those that are an axis of an input as they are, by their names, with their type parameters. */
export class SizeParameters {
  readonly #names = new Map<string, string>();

  constructor(signatures: readonly Signature[]) {
    const taken = new Set<string>();
    for (const { dims, ...signature } of signatures) {
      const ofInputs = new Set(ownInputs(signature).flatMap(({ shape }) => shape));
      for (const name of dims.filter((dim) => ofInputs.has(dim) && !this.#names.has(dim))) {
        let parameter = localName(name);
        while (taken.has(parameter)) parameter = `${parameter}_`;
        taken.add(parameter);
        this.#names.set(name, parameter);
      }
    }
  }

  /** After the name of an interface: `<N extends number = number>`. */
  get declared(): string {
    return bracketed([...this.#names.values()].map((name) => `${name} extends number = number`));
  }

  /** After the name of a method whose inputs have sizes: `<N extends number>`. */
  declaredFor(signature: Pick<Signature, 'inputs' | 'states'>): string {
    return bracketed(this.#own(signature).map(([, name]) => `${name} extends number`));
  }

  /** What such a method gives the interface for its parameters: `<N, number>`. */
  givenFor(signature: Pick<Signature, 'inputs' | 'states'>): string {
    const own = new Set(this.#own(signature).map(([dim]) => dim));
    const all = [...this.#names].map(([dim, name]) => (own.has(dim) ? name : 'number'));
    while (all.at(-1) === 'number') all.pop();
    return bracketed(all);
  }

  /** The type of one axis. */
  of(size: number | string): string {
    return typeof size === 'number' ? String(size) : (this.#names.get(size) ?? 'number');
  }

  has(size: number | string): size is string {
    return typeof size === 'string' && this.#names.has(size);
  }

  #own(signature: Pick<Signature, 'inputs' | 'states'>): readonly (readonly [string, string])[] {
    const sizes = new Set(ownInputs(signature).flatMap(({ shape }) => shape));
    return [...this.#names].filter(([dim]) => sizes.has(dim));
  }
}

function bracketed(texts: readonly string[]): string {
  return texts.length === 0 ? '' : `<${texts.join(', ')}>`;
}

/** What a program gives: the inputs without those of states. */
export function ownInputs({ inputs, states }: Pick<Signature, 'inputs' | 'states'>): readonly TensorSignature[] {
  const ofStates = new Set(states.map(({ input }) => input));
  return inputs.filter(({ name }) => !ofStates.has(name));
}

/** The fields of inputs. */
export function inputFields(signature: Pick<Signature, 'inputs' | 'states'>, sizes: SizeParameters, indent: string): Lines {
  const seen = new Set<string>();
  return ownInputs(signature).flatMap((input) => {
    const type = inputType(input, sizes, seen);
    for (const size of input.shape) if (sizes.has(size)) seen.add(size);
    return field(input, type, indent);
  });
}

/** The type of an input; `seen` are the sizes that inputs before it have. */
function inputType({ dtype, sourceDtype, shape }: TensorSignature, sizes: SizeParameters, seen: ReadonlySet<string>): string {
  const type = sourceDtype ?? dtype;
  if (!typed.has(type)) return 'TensorInput';
  const dims = dimsType(shape, sizes);
  const named = shape.filter((size) => sizes.has(size));
  const isShared = named.some((size) => seen.has(size)) || new Set(named).size < named.length;
  const open = shape.filter((size) => typeof size === 'string');
  const name = open.length > 1 ? 'SizedInput' : 'Input';
  const [planes] = shape.slice(-3);
  const isRgb = /^b?f\d/.test(type) && shape.length >= 3 && planes === 3;
  const isOne = shape.slice(0, -3).every((size) => size === 1 || typeof size === 'string');
  return `${name}<'${type}', ${isShared ? `Same<${dims}>` : dims}>${isRgb && isOne ? ' | ImageInput' : ''}`;
}

/** The type of an output or state. */
export function tensorType({ dtype, shape }: TensorSignature, sizes: SizeParameters): string {
  return typed.has(dtype) ? `TypedTensor<'${dtype}', ${dimsType(shape, sizes)}>` : 'Tensor';
}

function dimsType(shape: TensorSignature['shape'], sizes: SizeParameters): string {
  return `[${shape.map((size) => sizes.of(size)).join(', ')}]`;
}

/** A field with the shape in its comment. */
export function field(tensor: TensorSignature, type: string, indent: string, mark = ''): Lines {
  return [...docComment([shapeText(tensor)], indent), `${indent}readonly ${keyOf(tensor.name)}${mark}: ${type};`];
}

function shapeText({ dtype, sourceDtype, shape }: TensorSignature): string {
  const size = `[${shape.join(', ')}]`;
  return sourceDtype === undefined ? `${dtype} ${size}` : `${sourceDtype} ${size}, within the range of ${dtype}`;
}
