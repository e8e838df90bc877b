import { dtypeOfDataType } from '../../6-emit/onnx/data-type.js';
import type { GraphProto, NodeProto } from '../../6-emit/onnx/proto.js';
import { onnxModel } from '../read-file.js';
import { UsageError } from '../usage-error.js';
import type { RunReply, RunRequest } from './protocol.js';

/** Throws `UsageError` if a run gave no results. */
export function demandDone(
  reply: RunReply,
  { model, provider }: RunRequest,
  command: 'run' | 'compare',
): asserts reply is Extract<RunReply, { readonly kind: 'done' }> {
  if (reply.kind === 'missing') {
    throw new UsageError(
      `\`archc ${command}\` needs the package onnxruntime-node`,
      `install it beside archc: \`npm install onnxruntime-node\` (${reply.reason.split('\n')[0]})`,
    );
  }
  if (reply.kind === 'unfit') throw new UsageError(reply.reason);
  if (reply.kind === 'failed') throw refusal(reply.reason, model, provider);
}

/** The message about a model that ONNX Runtime does not run: `reason` is its own text, without the parts that help nobody. */
function refusal(reason: string, model: string, provider: string): UsageError {
  const [, op, name] = /Could not find an implementation for (\w+)\(\d+\) node with name '([^']*)'/.exec(reason) ?? [];
  if (op !== undefined && name !== undefined) return missingKernel(op, name, onnxModel(model).graph ?? {}, provider);
  const text = reason
    .replace(/^\/onnxruntime_src\S+ .*? was false\. /s, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  if (provider === 'cpu') return new UsageError(`ONNX Runtime could not run the model: ${text}`);
  return new UsageError(`ONNX Runtime could not run the model on ${provider}: ${text}`, 'without `--provider`, models run on the CPU');
}

/** An operator that is valid ONNX, but that the runtime does not have for these element types. */
function missingKernel(op: string, name: string, graph: GraphProto, provider: string): UsageError {
  // The runtime names a fused node after one of the nodes in it.
  const node =
    graph.node?.find((other) => other.name === name) ?? graph.node?.find((other) => other.name && name.startsWith(`${other.name}/`));
  const types = node === undefined ? [] : typesOf(node, graph);
  const place = node?.metadataProps?.find(({ key }) => key === 'archc.src')?.value;
  const where = [`the node ${name}`, ...(place === undefined ? [] : [`from ${place}`])].join(' ');
  const what = types.length === 0 ? 'these element types' : types.join(' and ');
  const narrow = types.find((type) => type === 'f16' || type === 'bf16');
  const help =
    narrow !== undefined
      ? 'run it with `--dtype f32`'
      : types.includes('f64')
        ? 'use f32 there: declare the tensors without `<f64>`, or put `cast(.., f32)` before the operator and `cast(.., f64)` after it'
        : 'put `cast(.., f32)` or `cast(.., i64)` before the operator, or try another `--provider`';
  return new UsageError(`ONNX Runtime has no ${op} for ${what} on ${provider}: ${where}`, help);
}

function typesOf(node: NodeProto, graph: GraphProto): readonly string[] {
  const types = new Map((graph.initializer ?? []).map(({ name, dataType }) => [name, dataType]));
  for (const { name, type } of [...(graph.input ?? []), ...(graph.valueInfo ?? []), ...(graph.output ?? [])])
    types.set(name, type?.tensorType?.elemType);
  const numbers = (node.input ?? []).flatMap((name) => types.get(name) ?? []);
  return [...new Set(numbers.flatMap((number) => dtypeOfDataType(number) ?? []))];
}
