import { Graph, type NodeInput, type Value } from '../../3-graph/graph.js';
import { lowerToOnnx, optimize } from '../../5-optimize/pipeline.js';
import { Dim } from '../../dims/dim.js';
import { completeAttrs } from '../../ops/attributes.js';
import { bindInputs, mapBound } from '../../ops/bind.js';
import type { OpInput } from '../../ops/builder.js';
import type { Op } from '../../ops/define.js';
import { concreteRule } from '../../ops/evaluate.js';
import type { SampleTensor } from '../../ops/sample.js';
import type { TensorType } from '../../ops/types.js';
import { inlineCode } from './markdown.js';

/** How many ONNX operators are named. */
const most = 8;

/** Which ONNX operators a call of an operator is written as: those of a simple call, for every target. Undefined if it is computed when the file is written. */
export function onnxForm(op: Op): string | undefined {
  const [sample] = op.samples;
  if (sample === undefined) return undefined;
  const tensors: Readonly<Record<string, SampleTensor | readonly SampleTensor[] | undefined>> = sample.inputs;
  const inputs = Object.keys(op.inputs).map((name): OpInput<TensorType> => {
    const input = tensors[name];
    return input === undefined ? undefined : 'dtype' in input ? typeOf(input) : input.map(typeOf);
  });
  const attrs = completeAttrs(op, sample.attrs ?? {});
  const types = op.infer(
    concreteRule(op.name),
    mapBound(bindInputs(op, inputs), (type: TensorType) => type),
    attrs,
  );
  const graph = new Graph('call');
  let count = 0;
  const enter = (type: TensorType): Value => graph.input(`x${count++}`, type);
  const values = inputs.map((input): NodeInput => {
    if (input === undefined || input === null) return undefined;
    return isList(input) ? input.map(enter) : enter(input);
  });
  const outputs = graph.op(op, values, attrs, types, { path: [], kinds: ['call'], span: undefined });
  for (const [i, output] of outputs.entries()) graph.output(`y${i}`, output);
  optimize(graph);
  return onnxNames(lowerToOnnx(graph).nodes);
}

/** The operators of ONNX nodes in a sentence, each once; undefined if there are none. */
export function onnxNames(nodes: readonly { readonly opType: string; readonly domain: string }[]): string | undefined {
  const names = [...new Set(nodes.map(({ opType, domain }) => (domain === '' ? opType : `${domain}.${opType}`)))];
  if (names.length === 0) return undefined;
  const rest = names.length > most ? `, and ${names.length - most} more` : '';
  return `In ONNX: ${names.slice(0, most).map(inlineCode).join(', ')}${rest}.`;
}

function typeOf({ dtype, shape }: SampleTensor): TensorType {
  return { dtype, shape: shape.map(Dim.of) };
}

function isList(input: TensorType | readonly TensorType[]): input is readonly TensorType[] {
  return Array.isArray(input);
}
