import type { DeviceCheck } from '../api/device-check.js';
import { type AdapterFault, adapterFaults } from '../ops/capabilities/adapter-faults.js';
import { bodiesIn, type OnnxBody, type OnnxNode } from './lowering/onnx-graph.js';

/** The checks that a device must pass before it runs a graph, because some devices compute no f16, or one of its operators wrongly. */
export function deviceChecks(graph: OnnxBody): readonly DeviceCheck[] {
  const nodes = [graph, ...bodiesIn(graph.nodes)].flatMap((body) => body.nodes);
  const half: readonly DeviceCheck[] = nodes.some(isInHalf) ? ['half'] : [];
  return half.concat(faultsOf(nodes));
}

function isInHalf({ inputs, outputs }: OnnxNode): boolean {
  return [...inputs, ...outputs].some((value) => value?.type.dtype === 'f16');
}

function faultsOf(nodes: readonly OnnxNode[]): readonly DeviceCheck[] {
  return adapterFaults.filter((fault) => nodes.some((node) => mayBeWrong(node, fault))).map(({ check }) => check);
}

function mayBeWrong({ domain, opType, inputs }: OnnxNode, { operators, fromRows }: AdapterFault): boolean {
  if (domain !== 'com.microsoft' || !operators.includes(opType)) return false;
  const rows = inputs[0]?.type.shape[1]?.constant;
  return rows === undefined || rows >= fromRows;
}
