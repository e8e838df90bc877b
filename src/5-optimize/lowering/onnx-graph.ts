import type { Origin } from '../../3-graph/node.js';
import type { Parameter } from '../../3-graph/parameter.js';
import type { StateInGraph } from '../../3-graph/states.js';
import type { DeviceCheck } from '../../api/device-check.js';
import type { SessionAdvice } from '../../api/session-options.js';
import type { NewSize } from '../../dims/new-size.js';
import type { OnnxAttr } from '../../ops/onnx-builder.js';
import type { Target } from '../../ops/targets.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import type { ValueRange } from '../../ops/value-range.js';

/** A tensor of the ONNX graph. Names are unique in the graph and the bodies in it. */
export interface OnnxValue {
  readonly name: string;
  readonly type: TensorType;
}

export interface OnnxNode extends Origin {
  /** Source path: `/encoder/layers.3/self_attn/q_proj/MatMul`. Unique. */
  readonly name: string;
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly (OnnxValue | null)[];
  readonly outputs: readonly (OnnxValue | null)[];
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  /** What control flow runs, by the attribute that holds it: `then_branch`, `else_branch`, `body`. */
  readonly bodies?: Readonly<Record<string, OnnxBody>>;
}

/** Nodes in topological order. They may read values of the graphs around by their names. */
export interface OnnxBody {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly { readonly value: OnnxValue; readonly array: NdArray }[];
  readonly nodes: readonly OnnxNode[];
}

/** What 6-emit writes: an ONNX graph as plain data. */
export interface OnnxGraph extends OnnxBody {
  readonly doc: string | undefined;
  readonly parameters: readonly { readonly parameter: Parameter; readonly value: OnnxValue }[];
  /** What is carried from call to call. */
  readonly states: readonly StateInGraph[];
  /** The `where` facts in words, for the metadata. */
  readonly facts: readonly string[];
  /** Demands on sizes that are neither proved nor refuted, also in words. */
  readonly open?: readonly string[];
  /** The sizes of the outputs that the data decide, each after those that bound it. */
  readonly dataSizes?: readonly NewSize[];
  /** The target that it was lowered for; `portable` if left out. */
  readonly target?: Target | undefined;
  /** Which integers the inputs may hold, by name, if not all of their type. */
  readonly ranges?: ReadonlyMap<string, ValueRange> | undefined;
  /** The session options with which ONNX Runtime runs it fastest, if these are not the defaults. */
  readonly advice?: SessionAdvice | undefined;
  /** The checks that a device must pass before it runs the graph. */
  readonly deviceChecks?: readonly DeviceCheck[] | undefined;
  readonly opset: number;
  /** Versions of the other domains that nodes use. */
  readonly domains: Readonly<Record<string, number>>;
}

/** The bodies in nodes, including nested ones. */
export function bodiesIn(nodes: readonly OnnxNode[]): readonly OnnxBody[] {
  return nodes.flatMap(({ bodies = {} }) => Object.values(bodies).flatMap((body) => [body, ...bodiesIn(body.nodes)]));
}

/** The first node in bodies nested more than `limit` deep. */
export function nodeBeyond(nodes: readonly OnnxNode[], limit: number): OnnxNode | undefined {
  for (const node of nodes) {
    const bodies = Object.values(node.bodies ?? {});
    if (limit === 0 && bodies.length > 0) return node;
    for (const body of bodies) {
      const found = nodeBeyond(body.nodes, limit - 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
