import type { OnnxAttr } from '../ops/onnx-builder.js';
import type { Node } from './graph.js';

/** The operator name of nodes that call an ONNX operator chosen by the user. */
export const onnxNode = 'onnx';

export interface OnnxCall {
  readonly opType: string;
  readonly domain: string;
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  /** Which inputs are given; the node holds only those. */
  readonly given: readonly boolean[];
}

export function onnxCall(call: OnnxCall): Readonly<Record<string, unknown>> {
  return { call };
}

export function onnxCallOf(node: Node): OnnxCall {
  // Only `onnxCall` makes the attributes of such nodes.
  return node.attrs.call as OnnxCall;
}
