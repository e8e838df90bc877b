import { onnxEffects } from '../../ops/onnx-effects.js';
import { attrsKey } from '../attrs-key.js';
import type { OnnxNode, OnnxValue } from './onnx-graph.js';

/**
 * The nodes of an ONNX graph while it is written. Lowering one operator at a time makes redundant nodes that the graph passes could not
 * see: the mask of every attention, the transpose of a transpose.
 */
export class WrittenNodes<V extends OnnxValue> {
  readonly #nodes: OnnxNode[] = [];
  readonly #outputs = new Map<string, readonly (V | null)[]>();
  readonly #makers = new Map<OnnxValue, OnnxNode>();

  /** The key under which equal computations are shared; `undefined` for what must be computed each time. */
  keyOf(node: Pick<OnnxNode, 'opType' | 'domain' | 'inputs' | 'attrs'>, types: string): string | undefined {
    const { opType, inputs, attrs } = node;
    return onnxEffects(node) !== 'pure' ? undefined : `${opType}(${inputs.map((v) => v?.name ?? '').join()})${attrsKey(attrs)}${types}`;
  }

  /** The outputs of the node that computes the same, if any. */
  find(key: string | undefined): readonly (V | null)[] | undefined {
    return key === undefined ? undefined : this.#outputs.get(key);
  }

  add(node: OnnxNode, outputs: readonly (V | null)[], key: string | undefined): void {
    this.#nodes.push(node);
    for (const value of outputs) if (value !== null) this.#makers.set(value, node);
    if (key !== undefined) this.#outputs.set(key, outputs);
  }

  /** The node that makes a value; `undefined` for inputs, weights and constants. */
  makerOf(value: OnnxValue): OnnxNode | undefined {
    return this.#makers.get(value);
  }

  /** The nodes that `results` need, in order. */
  neededFor(results: readonly OnnxValue[]): readonly OnnxNode[] {
    const needed = new Set<OnnxValue | null>(results);
    // Uses come after definitions, so one walk from the end sees every use first.
    const kept = [...this.#nodes].reverse().filter((node) => {
      if (!node.outputs.some((v) => v !== null && needed.has(v))) return false;
      for (const input of node.inputs) needed.add(input);
      return true;
    });
    return kept.reverse();
  }
}
