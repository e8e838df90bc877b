import type { OnnxGraph } from '../../../src/5-optimize/lowering/onnx-graph.js';
import type { NdArray } from '../../../src/ops/types.js';

/** A graph of one node, what to feed it, and what it computes according to archc's reference; undefined where only the type is known. */
export interface OneNode {
  readonly graph: OnnxGraph;
  readonly feeds: Readonly<Record<string, NdArray>>;
  readonly wanted: Readonly<Record<string, NdArray | undefined>>;
  /** How exact those outputs must be that need not be as exact as the provider can be. */
  readonly tolerances?: Readonly<Record<string, number>>;
}

/** A graph without weights. */
export function graphOf(opset: number, body: Pick<OnnxGraph, 'inputs' | 'outputs' | 'constants' | 'nodes'>): OnnxGraph {
  return { name: 'probe', doc: undefined, parameters: [], states: [], facts: [], domains: {}, opset, ...body };
}
