import { type PlainValue, plainValue } from './2-check/values/plain-value.js';
import { type InitialState, initialState } from './6-emit/initial-state.js';
import type { CompiledEntry, CompiledModel } from './compile.js';
import type { Dim } from './dims/dim.js';
import { demandText } from './dims/fact-text.js';
import type { TensorType } from './ops/types.js';

/** What a model takes and gives, as plain data: for programs that feed it, and for types and bindings made from it. */
export interface Signature {
  readonly name: string;
  /** The entry of the model; `forward` for a model with a signature of its own. */
  readonly entry: string;
  /** The text of the model's `##` comment. */
  readonly doc: string | undefined;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** What is carried from call to call; the inputs and outputs for it are among the others. */
  readonly states: readonly StateSignature[];
  /** The names that the sizes of the inputs depend on; each is at least 1, unless a fact says that it may be 0: `P >= 0`. */
  readonly dims: readonly string[];
  /** The other names in the shapes of the outputs: sizes that the data decide in each run, each after those that bound it. */
  readonly dataDims: readonly DataDim[];
  /** What the model states about its sizes: `T <= 1024`. Proofs rest on it, and a run with other sizes may be wrong. */
  readonly facts: readonly string[];
  /** What could be neither proved nor refuted: a run with other sizes fails. */
  readonly open: readonly string[];
  /** The hyperparameters that the model was made with. Functions, layers and element types are names, records objects, and `none` is null. */
  readonly hyperparameters: Readonly<Record<string, PlainValue>>;
}

export interface DataDim {
  readonly name: string;
  /** The least and the greatest value, each a number or a formula of the other names. */
  readonly least: number | string;
  readonly most?: number | string | undefined;
}

export interface TensorSignature {
  readonly name: string;
  /** `f32`, `i64`, `bool`. */
  readonly dtype: string;
  /** A number for each axis, or a formula of the dims: `[4, 'T', '(H + 31) // 32']`. */
  readonly shape: readonly (number | string)[];
}

/** A tensor that each call takes as it was after the call before. */
export interface StateSignature {
  /** The input for its value before the call; absent if this entry does not read it. */
  readonly input: string | undefined;
  /** The output with its value after the call; absent if this entry does not set it, so that it stays as it is. */
  readonly output: string | undefined;
  /** What it is before the first call. */
  readonly start: InitialState;
}

/** The signature of an entry of a model. */
export function signatureOf({ checked: model }: Pick<CompiledModel, 'checked'>, { name, checked, graph, onnx }: CompiledEntry): Signature {
  const tensor = ({ name, type }: { readonly name: string; readonly type: TensorType }): TensorSignature => {
    return { name, dtype: type.dtype, shape: type.shape.map(plainSize) };
  };
  return {
    name: model.name,
    entry: name,
    doc: checked.doc ?? model.doc,
    inputs: onnx.inputs.map(tensor),
    outputs: onnx.outputs.map(tensor),
    states: onnx.states.map(({ state, isRead, isSet }) => ({
      input: isRead ? state.input : undefined,
      output: isSet ? state.output : undefined,
      start: initialState(state.start),
    })),
    dims: [...new Set(onnx.inputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])))],
    dataDims: (onnx.dataSizes ?? []).map(({ name, least, most }) => ({ name, least: plainSize(least), most: most && plainSize(most) })),
    facts: graph.stated.map(demandText),
    open: graph.open.map(demandText),
    hyperparameters: Object.fromEntries([...model.hyper].map(([name, value]) => [name, plainValue(value)])),
  };
}

/** A size as a number if it is one, otherwise as a formula. */
export function plainSize(size: Dim): number | string {
  return size.constant ?? String(size);
}
