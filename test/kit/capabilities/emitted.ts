import { bodiesIn, type OnnxGraph, type OnnxNode } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { type CallForm, callForm } from '../../../src/ops/capabilities/call-form.js';
import { type Operator, operatorName } from '../../../src/ops/onnx-schema.js';

/** An operator as some graph has it. */
export interface EmittedForm extends Operator {
  readonly form: CallForm;
}

/** The different forms of nodes, by operator and form: `Add f32`. */
export type Emitted = Map<string, EmittedForm>;

/** The key of a form. */
export function keyOf({ form, ...operator }: EmittedForm): string {
  return [operatorName(operator), ...form].join(' ');
}

/** Adds the forms of the nodes of a graph and of the bodies in it. */
export function collect(to: Emitted, graph: OnnxGraph): void {
  const types = (values: OnnxNode['inputs']) => values.map((value) => value?.type ?? null);
  for (const body of [graph, ...bodiesIn(graph.nodes)]) {
    for (const { opType, domain, inputs, outputs, attrs } of body.nodes) {
      const form = callForm({ opType, domain, attrs, inputs: types(inputs), outputs: types(outputs) }, graph.opset);
      if (form !== undefined) to.set(keyOf({ domain, opType, form }), { domain, opType, form });
    }
  }
}
