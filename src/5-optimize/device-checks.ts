import type { DeviceCheck } from '../api/device-check.js';
import { type AdapterFault, adapterFaults } from '../ops/capabilities/adapter-faults.js';
import { bodiesIn, type OnnxBody, type OnnxGraph, type OnnxNode } from './lowering/onnx-graph.js';

/** The checks that a device must pass before it runs a graph, because some devices compute no f16, or one of its operators wrongly. */
export function deviceChecks(graph: Body): readonly DeviceCheck[] {
  const nodes = [graph, ...bodiesIn(graph.nodes)].flatMap((body) => body.nodes);
  const half: readonly DeviceCheck[] = computesInHalf(graph, nodes) ? ['half'] : [];
  return half.concat(faultsOf(nodes));
}

type Body = OnnxBody & Pick<OnnxGraph, 'parameters'>;

/** Whether a device computes in f16. What depends on stored numbers alone, such as the conversion of weights that are stored as f16, ONNX Runtime computes on the processor when it loads the graph. */
function computesInHalf({ parameters, constants, nodes }: Body, all: readonly OnnxNode[]): boolean {
  const stored = new Set([...parameters, ...constants].map(({ value }) => value.name));
  for (const { inputs, outputs, bodies } of nodes)
    if (bodies === undefined && inputs.every((input) => input === null || stored.has(input.name)))
      for (const output of outputs) if (output !== null) stored.add(output.name);
  return all.some(({ inputs, outputs }) => {
    const computed = outputs.filter((output) => output !== null && !stored.has(output.name));
    return computed.length > 0 && [...inputs, ...computed].some((value) => value?.type.dtype === 'f16');
  });
}

function faultsOf(nodes: readonly OnnxNode[]): readonly DeviceCheck[] {
  return adapterFaults.filter((fault) => nodes.some((node) => mayBeWrong(node, fault))).map(({ check }) => check);
}

function mayBeWrong({ domain, opType, inputs }: OnnxNode, { operators, fromRows }: AdapterFault): boolean {
  if (domain !== 'com.microsoft' || !operators.includes(opType)) return false;
  const rows = inputs[0]?.type.shape[1]?.constant;
  return rows === undefined || rows >= fromRows;
}
