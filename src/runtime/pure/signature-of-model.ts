import type { CheckedModel } from '../../2-check/checked-model.js';
import type { Graph } from '../../3-graph/graph.js';
import type { OnnxGraph } from '../../5-optimize/lowering/onnx-graph.js';
import { type DeclaredInput, positiveSizes, type Signature, sizeNames } from './signature.js';

/** The parts of a compiled model that describe its inputs, outputs and sizes. */
export interface ModelParts {
  readonly checked: Pick<CheckedModel, 'inputs' | 'span'>;
  readonly graph: Pick<Graph, 'stated' | 'open'>;
  readonly onnx: Pick<OnnxGraph, 'inputs' | 'outputs'>;
}

/** The signature of a compiled model, from the sizes and facts that it holds. */
export function signatureOfModel({ checked, graph, onnx }: ModelParts): Signature {
  const spans = new Map(checked.inputs.map(({ name, span }) => [name, span]));
  const inputs = onnx.inputs.map(({ name, type: { dtype, shape } }): DeclaredInput => {
    return { name, type: dtype, dtype, shape, span: spans.get(name) ?? checked.span };
  });
  return {
    inputs,
    outputs: new Map(onnx.outputs.map(({ name, type }) => [name, type.dtype])),
    demands: { facts: [...positiveSizes(sizeNames(inputs), graph.stated), ...graph.stated], open: graph.open },
  };
}
