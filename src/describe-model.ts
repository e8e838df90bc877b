import { plainValue } from './2-check/values/plain-value.js';
import { costOf, type LayerCost as SymbolicCost } from './6-emit/cost.js';
import { initialState } from './6-emit/initial-state.js';
import { plainRange } from './6-emit/plain-range.js';
import type { LayerCost, Model, ModelEntry } from './api/model.js';
import type { Signature, TensorSignature } from './api/signature.js';
import type { CompiledEntry, CompiledModel } from './compile.js';
import { demandText } from './dims/fact-text.js';
import { plainSize } from './dims/plain-size.js';
import type { TensorType } from './ops/types.js';
import type { ValueRange } from './ops/value-range.js';

/** Where a model that the library shows keeps what it was made from. */
const compiledOf = Symbol('compiled');

/** What a model that the library shows was made from. Throws `TypeError` for anything else. */
export function compiledFrom(model: Model): CompiledModel {
  const compiled = (model as { readonly [compiledOf]?: CompiledModel })[compiledOf];
  if (compiled === undefined) throw new TypeError('this is not a model that `compile` or `build` has returned');
  return compiled;
}

/** A compiled model as the library shows it. */
export function modelOf(compiled: CompiledModel): Model {
  const { name } = compiled;
  const entries = compiled.entries.map((entry): ModelEntry => {
    return { name: entry.name, signature: signatureOf(compiled, entry), cost: () => costOfEntry(entry) };
  });
  const known = entries.map((entry) => entry.name).join(', ');
  const only = (): ModelEntry => {
    const [first, ...others] = entries;
    if (first !== undefined && others.length === 0) return first;
    throw new RangeError(`the model ${name} has several entries (${known}): choose one with entry(name)`);
  };
  const model: Model = {
    name,
    entries,
    entry: (wanted) => {
      const found = entries.find((entry) => entry.name === wanted);
      if (found === undefined) throw new RangeError(`the model ${name} has no entry ${wanted}: it has ${known}`);
      return found;
    },
    get signature() {
      return only().signature;
    },
    parameters: compiled.parameters.map(({ name: parameter, type, trainable }) => {
      return { name: parameter, dtype: type.dtype, shape: type.shape.map((size) => size.constant ?? 0), trainable };
    }),
    cost: () => only().cost(),
  };
  // Otherwise nothing could look through a model with several entries, such as `JSON.stringify` or a debugger.
  Object.defineProperty(model, 'signature', { enumerable: false });
  return Object.defineProperty(model, compiledOf, { value: compiled });
}

function costOfEntry({ graph }: CompiledEntry): readonly LayerCost[] {
  return costOf(graph).map(plainCost);
}

/** A cost with numbers or formulas instead of sizes. */
export function plainCost(row: SymbolicCost): LayerCost {
  return { ...row, flops: plainSize(row.flops), activationBytes: plainSize(row.activationBytes) };
}

/** The signature of an entry of a model. */
export function signatureOf(
  { checked: model }: Pick<CompiledModel, 'checked'>,
  { name, checked, graph, onnx, narrow, ranges }: CompiledEntry,
): Signature {
  const tensor = ({ name, type }: { readonly name: string; readonly type: TensorType }): TensorSignature => {
    return { name, dtype: type.dtype, shape: type.shape.map(plainSize) };
  };
  const isNarrow = new Set(narrow);
  return {
    name: model.name,
    entry: name,
    doc: checked.doc ?? model.doc,
    inputs: onnx.inputs.map((input) => ({
      ...tensor(input),
      ...(isNarrow.has(input.name) ? { sourceDtype: 'i64' } : {}),
      ...rangeOf(ranges.get(input.name)),
    })),
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

function rangeOf(range: ValueRange | undefined): Pick<TensorSignature, 'range'> {
  return range === undefined ? {} : { range: plainRange(range) };
}
