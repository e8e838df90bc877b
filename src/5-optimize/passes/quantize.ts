import { Graph, type OpNode, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { removeUnused } from '../../3-graph/remove-unused.js';
import { nth } from '../../ops/only.js';
import type { Recorder } from '../history.js';
import type { OptimizationLevel } from '../levels.js';
import type { Pass } from '../pass.js';
import { type Exit, exitsOf } from '../quantize/exits.js';
import { formText, hasBlocks, type WantedForm } from '../quantize/form.js';
import type { Quantization } from '../quantize/quantization.js';
import { type Reader, readerOf, unsuited } from '../quantize/readers.js';
import { StoredMatrices } from '../quantize/stored-matrices.js';
import type { Unfoldable } from '../unfoldable.js';
import { weightTest } from '../weight-test.js';
import type { CoreOf } from './open-composites.js';

/** Halving a weight of fewer numbers does not make the file smaller, because each halved weight needs a node that reads it. */
const leastHalved = 1024;

/**
 * Stores weights in fewer bits.
 *
 * Before: `y = x @ w.T`. After: `y = matmul_n_bits(x, packed, scales)`, where `packed` and `scales` are computed from `w` when the file is written.
 * This changes the numbers: each is rounded to one of the 16 or 256 steps of its block. It happens only on request, and only to a weight whose readers can all read the stored form, so that no weight is
 * stored twice for lack of an operator. Runs after all rewrites, when weights are computed the way they will be stored; earlier, it would hide the patterns of the rewrites.
 */
export function quantize(
  quantization: Quantization,
  on: CoreOf,
  level: OptimizationLevel,
  history: Recorder,
  unfoldable: Unfoldable = [],
): Pass {
  return {
    name: 'quantize',
    summary: 'stores weights in fewer bits',
    run: (region) => (region instanceof Graph ? new Quantizer(region, quantization, on, level, history, unfoldable).run() : 0),
  };
}

/** A place that reads a weight in its stored form. */
interface Use extends Exit {
  readonly wanted: WantedForm;
  /** Undefined for a form that every operator can read. */
  readonly reader: Reader | undefined;
}

class Quantizer {
  readonly #graph: Graph;
  readonly #quantization: Quantization;
  readonly #on: CoreOf;
  readonly #level: OptimizationLevel;
  readonly #history: Recorder;
  readonly #unfoldable: Unfoldable;

  constructor(graph: Graph, quantization: Quantization, on: CoreOf, level: OptimizationLevel, history: Recorder, unfoldable: Unfoldable) {
    this.#unfoldable = unfoldable;
    this.#graph = graph;
    this.#quantization = quantization;
    this.#on = on;
    this.#level = level;
    this.#history = history;
  }

  run(): number {
    // Below level 2, no weight may be computed from others, so only transposes are looked through: packing undoes them.
    const follows = ({ op }: OpNode) => this.#level === 2 || op.name === 'transpose';
    const exits = exitsOf(this.#graph, this.#graph.parameters, weightTest(this.#unfoldable), follows);
    const uses = this.#allowed(exits);
    const read = new Set(uses.map(({ value }) => value));
    const stored = new StoredMatrices(this.#graph, this.#on.target, (value) => this.#level < 2 || read.has(value));
    for (const use of uses) this.#rewrite(use, stored);
    for (const use of uses) this.#note(use, stored);
    removeUnused(this.#graph);
    return uses.length;
  }

  /** The uses of those weights whose readers can all read the stored form. */
  #allowed(exits: readonly Exit[]): readonly Use[] {
    const kept = new Map<Parameter, string>();
    const uses: Use[] = [];
    for (const exit of exits) {
      const use = this.#useOf(exit);
      if (use === undefined) for (const parameter of exit.from) kept.set(parameter, `\`${parameter.name}\` is not quantized`);
      else if (typeof use === 'string') {
        for (const parameter of exit.from) if (!kept.has(parameter)) kept.set(parameter, use);
        this.#refuse(exit, use);
      } else uses.push(use);
    }
    // A value computed from a weight that stays is not stored in fewer bits, so the other weights it is computed from stay, too.
    for (let size = -1; size !== kept.size; ) {
      size = kept.size;
      for (const { from } of uses) {
        const reason = from.flatMap((parameter) => kept.get(parameter) ?? [])[0];
        if (reason !== undefined) for (const parameter of from) if (!kept.has(parameter)) kept.set(parameter, reason);
      }
    }
    return uses.filter((use) => {
      const because = use.from.find((parameter) => kept.has(parameter));
      if (because !== undefined) this.#refuse(use, `\`${because.name}\` is also read elsewhere: ${kept.get(because)}`);
      return because === undefined;
    });
  }

  /** How an exit reads the stored form; undefined if none is wanted for its weights, and a text that says why if it cannot read it. */
  #useOf(exit: Exit): Use | string | undefined {
    const [first, ...others] = exit.from.map(({ name }) => this.#quantization.wanted(name));
    if (others.some((other) => other?.form !== first?.form || other?.block !== first?.block))
      return 'it is computed from weights with different forms';
    if (first === undefined || first.form === 'none') return undefined;
    const again = exit.from.find(({ name }) => this.#quantization.kept.has(name));
    if (again !== undefined) return `another entry needs \`${again.name}\` unquantized`;
    if (!hasBlocks(first.form) && first.form !== 'int8-dynamic') return this.#halvedUse(exit, first);
    // A vector is not a matrix in any form, and is too small to matter.
    if (exit.value.type.shape.length < 2) return undefined;
    const reader = readerOf(exit.value, exit.user, first);
    if (typeof reader === 'string') return reader;
    return unsuited(reader, first, this.#on.target) ?? { ...exit, wanted: first, reader };
  }

  #halvedUse(exit: Exit, wanted: WantedForm): Use | string | undefined {
    const { dtype, shape } = exit.value.type;
    const size = shape.reduce((product, dim) => product * (dim.constant ?? 0), 1);
    if (dtype !== 'f32' || size < leastHalved) return undefined;
    if (exit.user.kind === 'output') return 'it is an output of the model';
    return { ...exit, wanted, reader: undefined };
  }

  #refuse({ user }: Exit, reason: string): void {
    if (user.kind !== 'output') this.#history.refused('quantize', user, reason);
  }

  #note({ from, value, user, wanted, reader }: Use, stored: StoredMatrices): void {
    if (user.kind === 'output') return;
    const what = `${from.map(({ name }) => `\`${name}\``).join(', ')} as ${formText(wanted)}`;
    const isTwice = reader !== undefined && stored.isStoredTwice(value, wanted);
    this.#history.applied('quantize', user, isTwice ? `${what}, stored twice because it is read both by rows and by columns` : what);
  }

  #rewrite({ value, user, wanted, reader }: Use, stored: StoredMatrices): void {
    if (user.kind === 'output') return;
    if (reader === undefined) {
      this.#graph.replaceInput(user, value, stored.halved(value, user));
      return;
    }
    const { node } = reader;
    const g = new GraphBuilder(this.#graph, node.origin, node);
    const [result, other] = [nth(node.outputs, 0), nth(node.inputs, reader.kind === 'product' ? 0 : 1) as Value];
    const made = reader.kind === 'product' ? stored.product(g, other, value, wanted) : stored.rows(g, value, other, wanted);
    this.#graph.replaceUses(result, made);
  }
}
