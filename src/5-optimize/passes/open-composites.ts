import { mapInputs, type Node, type NodeInput, type Origin, type Region, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { bindInputs } from '../../ops/bind.js';
import type { Op } from '../../ops/define.js';
import { formOf } from '../../ops/forms.js';
import { nth } from '../../ops/only.js';
import type { OnnxTarget } from '../../ops/onnx-builder.js';
import type { TensorType } from '../../ops/types.js';
import type { Recorder } from '../history.js';
import type { Pass } from '../pass.js';

/** The operators that a graph is written in: the core, and the composites that have a form of their own on the target. */
export interface CoreOf extends OnnxTarget {
  /** Whether composites may be one fused ONNX node (inference). Training graphs say false: only those that have a gradient rule may be one there. */
  readonly fused: boolean;
}

/**
 * Replaces composites by their definitions.
 *
 * Before: `y = swiglu(x)`. After: `(a, b) = split(x); y = silu(a) * b`.
 * A composite stays where the call has a form of its own on the target. Runs before the passes on single operators, so that these, and whatever counts or differentiates operators, see
 * what is computed.
 */
export function openComposites(on: CoreOf, history: Recorder): Pass {
  return {
    name: 'open-composites',
    summary: 'replaces composites with their definitions, unless the target has an operator for them',
    run(region) {
      let changes = 0;
      for (const node of region.nodes) {
        if (node.kind !== 'op') continue;
        const { op, inputs, attrs, outputs } = node;
        const types = outputs.map((value) => value.type);
        if (!isOpened(op, on, inputs, attrs, types)) continue;
        history.wrote(op, undefined);
        const results = op.lower(new CoreBuilder(region, { on, history }, node.origin, node), bindInputs(op, inputs), attrs, types);
        for (const [i, output] of outputs.entries()) region.replaceUses(output, nth(results, i));
        region.remove(node);
        changes++;
      }
      return changes;
    },
  };
}

/** Writes core operators; the definitions of composites are opened as well. */
class CoreBuilder extends GraphBuilder {
  readonly #on: CoreOf;
  readonly #history: Recorder;

  constructor(region: Region, { on, history }: { on: CoreOf; history: Recorder }, origin: Origin, place: Node) {
    super(region, origin, place);
    this.#on = on;
    this.#history = history;
  }

  protected override write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    if (!isOpened(op, this.#on, inputs, attrs, types)) return super.write(op, inputs, attrs, types);
    this.#history.wrote(op, undefined);
    return op.lower(this, bindInputs(op, inputs), attrs, types);
  }
}

function isOpened(
  op: Op,
  on: CoreOf,
  inputs: readonly NodeInput[],
  attrs: Readonly<Record<string, unknown>>,
  types: readonly TensorType[],
): op is Composite {
  if (op.kind === 'core') return false;
  const isKept = on.fused || typeof op.grad === 'function';
  if (!isKept) return true;
  const bound = bindInputs(
    op,
    mapInputs(inputs, (value) => value.type),
  );
  return formOf(op, on, { inputs: bound, attrs, outputs: types }) === undefined;
}

type Composite = Extract<Op, { kind: 'composite' }>;
