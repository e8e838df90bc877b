import type { CheckedEntry } from '../../2-check/checked-model.js';
import type { Graph } from '../../3-graph/graph.js';
import type { OnnxGraph } from '../../5-optimize/lowering/onnx-graph.js';
import { initialState } from '../../6-emit/initial-state.js';
import type { ValueRange } from '../../ops/value-range.js';
import { type DeclaredInput, positiveSizes, type Signature, sizeNames } from './signature.js';

/** The parts of a compiled entry that describe its inputs, outputs and sizes. */
export interface EntryParts {
  readonly checked: Pick<CheckedEntry, 'inputs' | 'span'>;
  readonly graph: Pick<Graph, 'stated' | 'open'>;
  readonly onnx: Pick<OnnxGraph, 'inputs' | 'outputs' | 'states'>;
  readonly ranges: ReadonlyMap<string, ValueRange>;
}

/** The signature of a compiled entry, from the sizes and facts that it holds. */
export function signatureOfEntry({ checked, graph, onnx, ranges }: EntryParts): Signature {
  const spans = new Map(checked.inputs.map(({ name, span }) => [name, span]));
  for (const { state } of onnx.states) spans.set(state.input, state.span);
  const inputs = onnx.inputs.map(({ name, type: { dtype, shape } }): DeclaredInput => {
    return { name, type: dtype, dtype, shape, span: spans.get(name) ?? checked.span, range: ranges.get(name) };
  });
  return {
    inputs,
    outputs: new Map(onnx.outputs.map(({ name, type }) => [name, type.dtype])),
    states: onnx.states.map(({ state, isRead, isSet }) => {
      return { input: isRead ? state.input : undefined, output: isSet ? state.output : undefined, start: initialState(state.start) };
    }),
    demands: { facts: [...positiveSizes(sizeNames(inputs), graph.stated), ...graph.stated], open: graph.open },
  };
}
