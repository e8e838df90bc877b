import {
  type ControlNode,
  capturesOf,
  type Graph,
  inputValues,
  mapInputs,
  type Node,
  type NodeInput,
  type OnnxNode,
  type OpNode,
  type Region,
  Value,
} from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { floorDiv } from '../ops/elementwise/floor-div.js';
import { mod } from '../ops/elementwise/mod.js';
import { evaluateOp } from '../ops/evaluate.js';
import { roundTo } from '../ops/nd/round.js';
import { nth } from '../ops/only.js';
import { isInt, type NdArray } from '../ops/types.js';

/** The largest tensor that is computed to look for zeros. */
const maxElements = 100_000;

/**
 * The integer divisions and remainders of a graph whose divisor is computed from constants alone and holds a 0. They have no value, and ONNX Runtime, which computes
 * constants when it loads a file, does not load one with them.
 */
export function divisionsByZero(graph: Graph): readonly Node[] {
  const search = new Search();
  search.region(graph);
  return search.found;
}

class Search {
  readonly found: Node[] = [];
  readonly #known = new Map<Value, NdArray>();

  region(region: Region): void {
    for (const node of region.nodes) {
      const divisor = divisorOf(node);
      if (divisor instanceof Value && isInt(divisor.type.dtype) && this.#elementsOf(divisor)?.data.includes(0) === true)
        this.found.push(node);
      if (node.kind === 'cond' || node.kind === 'scan') this.#control(node);
      else if (inputValues(node).every((value) => this.#elementsOf(value) !== undefined))
        for (const [i, array] of computed(node, (value) => this.#elementsOf(value)).entries()) this.#known.set(nth(node.outputs, i), array);
    }
  }

  #elementsOf(value: Value): NdArray | undefined {
    return value.source.kind === 'constant' ? value.source.array : this.#known.get(value);
  }

  /** Values that bodies capture are constant inside if they are constant outside. */
  #control(node: ControlNode): void {
    const { inNode, inBody } = capturesOf(node);
    for (const body of node.bodies) {
      for (const [i, value] of inputValues(node).slice(inNode).entries()) {
        const array = this.#elementsOf(value);
        if (array !== undefined) this.#known.set(nth(body.inputs, inBody + i), array);
      }
      this.region(body);
    }
  }
}

function divisorOf(node: Node): NodeInput {
  if (node.kind === 'op') return node.op === floorDiv || node.op === mod ? node.inputs[1] : undefined;
  if (node.kind !== 'onnx') return undefined;
  const { opType, domain } = node.call;
  return domain === '' && (opType === 'Div' || opType === 'Mod') ? node.inputs[1] : undefined;
}

/** The results of a node of constants, if they are small and archc computes them. */
function computed(node: OpNode | OnnxNode, elementsOf: (value: Value) => NdArray | undefined): readonly NdArray[] {
  if (node.kind !== 'op' || node.op.effects === 'random') return [];
  const isSmall = node.outputs.every(({ type }) => type.shape.reduce((n, size) => n * (size.constant ?? Number.NaN), 1) <= maxElements);
  if (!isSmall || hasOpenSize(node.attrs)) return [];
  // All inputs are known.
  const inputs = mapInputs(node.inputs, (value) => elementsOf(value) as NdArray);
  return evaluateOp(node.op, inputs, node.attrs).map((exact) => roundTo(exact.dtype, exact));
}

function hasOpenSize(attrs: Readonly<Record<string, unknown>>): boolean {
  return Object.values(attrs)
    .flat()
    .some((value) => value instanceof Dim && value.constant === undefined);
}
