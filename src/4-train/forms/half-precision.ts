import { bodiesOf, capturesOf, inputValues, mapInputs, type OpNode, type Region, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { lowestFinite } from '../../ops/float-limits.js';
import { nth } from '../../ops/only.js';
import { isFloat } from '../../ops/types.js';

/** Operators that benefit from f16, and are always computed in it. */
const products: ReadonlySet<string> = new Set([
  'matmul',
  'einsum',
  ...[1, 2, 3].flatMap((axes) => [`conv${axes}d`, `conv_transpose${axes}d`]),
]);

/** Operators that move the elements of one tensor. Weights are converted before they are moved. */
const moves: ReadonlySet<string> = new Set(['transpose', 'reshape', 'squeeze', 'unsqueeze', 'expand', 'slice']);

/** Operators that move elements or change each on its own: computed in f16 if their operands are. */
const followers: ReadonlySet<string> = new Set([
  ...moves,
  ...['flatten', 'split', 'concat', 'stack', 'pad', 'tile', 'flip', 'roll'],
  ...['add', 'sub', 'mul', 'div', 'neg', 'abs', 'sign', 'maximum', 'minimum', 'clip', 'where', 'stop_gradient'],
  ...['relu', 'leaky_relu', 'prelu', 'sigmoid', 'tanh', 'silu', 'erf'],
  ...[1, 2, 3].map((axes) => `max_pool${axes}d`),
]);

/** Operators without a type of their own: weights that are only moved or scaled are still weights. */
const neutral: ReadonlySet<string> = new Set([...moves, 'concat', 'mul']);

/** The largest number of f16, and the smallest that has all of its bits. */
const largest = -lowestFinite('f16');
const smallestNormal = 2 ** -14;

/**
 * Makes a region of core operators compute in f16 what benefits from it, as `torch.autocast` does: products of matrices and convolutions always; operators that move elements or change each
 * on its own, after these; everything else, such as sums, exponentials, norms, recurrent layers and losses, in f32. Weights stay f32 and are converted where they are read, so that
 * their gradients, which come back through the same conversions, are f32 as well. So are the inputs and results of the region, and of the bodies in it.
 */
export function computeInHalf(region: Region): void {
  new Narrowing(region, new Set()).run();
}

class Narrowing {
  readonly #region: Region;
  /** Inputs of a control-flow body that carry weights from outside. */
  readonly #weights: ReadonlySet<Value>;
  readonly #converted = new Map<Value, Value>();

  constructor(region: Region, weights: ReadonlySet<Value>) {
    this.#region = region;
    this.#weights = weights;
  }

  run(): void {
    for (const node of this.#region.nodes) {
      if (node.kind === 'op' && this.#isNarrowed(node)) this.#narrow(node);
      else if (node.kind === 'cond' || node.kind === 'scan') {
        const { inNode, inBody } = capturesOf(node);
        const isWeight = inputValues(node)
          .slice(inNode)
          .map((value) => this.#isNeutral(value));
        for (const body of bodiesOf(node))
          new Narrowing(body, new Set(body.inputs.slice(inBody).filter((_, i) => isWeight[i] === true))).run();
      }
    }
  }

  /** Whether a node is computed in f16. */
  #isNarrowed(node: OpNode): boolean {
    const { op, attrs, outputs } = node;
    const operands = inputValues(node).filter(({ type }) => isFloat(type.dtype));
    const isF32 = [...operands, ...outputs].every(({ type }) => type.dtype === 'f32');
    if (!isF32 || operands.length === 0) return false;
    if (products.has(op.name)) return true;
    if (!followers.has(op.name) || !Object.values(attrs).every((value) => typeof value !== 'number' || fits(value))) return false;
    return operands.some(halfOf) && operands.every((value) => halfOf(value) !== undefined || this.#isNeutral(value));
  }

  /** Replaces a node by one in f16 and a conversion of its results to f32, which readers in f16 see through. */
  #narrow(node: OpNode): void {
    const g = new GraphBuilder(this.#region, node.origin, node);
    const results = this.#copyInHalf(node, node);
    for (const [i, output] of node.outputs.entries()) this.#region.replaceUses(output, g.cast(nth(results, i), 'f32'));
    this.#region.remove(node);
  }

  #copyInHalf({ op, inputs, attrs, outputs, origin }: OpNode, place: OpNode): readonly Value[] {
    const narrow = mapInputs(inputs, (value) => (isFloat(value.type.dtype) ? this.#inHalf(value, place) : value));
    const types = outputs.map(({ type }) => ({ ...type, dtype: 'f16' as const }));
    return this.#region.op(op, narrow, attrs, types, origin, place);
  }

  /** A value in f16, for a node that is written at this place. */
  #inHalf(value: Value, place: OpNode): Value {
    const { source } = value;
    if (source.kind === 'constant') return this.#region.constant({ ...source.array, dtype: 'f16' });
    const known = halfOf(value) ?? this.#converted.get(value) ?? this.#convert(value, place);
    this.#converted.set(value, known);
    return known;
  }

  #convert(value: Value, place: OpNode): Value {
    const { source } = value;
    const isMoved = source.kind === 'node' && source.node.kind === 'op' && moves.has(source.node.op.name) && this.#isNeutral(value);
    if (isMoved) return nth(this.#copyInHalf(source.node as OpNode, place), source.index);
    return new GraphBuilder(this.#region, place.origin, place).cast(value, 'f16');
  }

  /** Whether a value can be read in either type: weights, masks, and constants that f16 has. */
  #isNeutral(value: Value): boolean {
    const { source } = value;
    switch (source.kind) {
      case 'constant':
        return source.array.data.every(fits);
      case 'parameter':
        return source.parameter.trainable;
      case 'input':
        return this.#weights.has(value);
      case 'node':
        return source.node.kind === 'op' && this.#isNeutralResult(source.node);
    }
  }

  #isNeutralResult(node: OpNode): boolean {
    const { op, attrs } = node;
    if (op.name === 'full') return typeof attrs.value === 'number' && fits(attrs.value);
    const operands = inputValues(node);
    if (op.name === 'cast') return operands.every(({ type }) => type.dtype === 'bool');
    return neutral.has(op.name) && operands.every((value) => isFloat(value.type.dtype) && this.#isNeutral(value));
  }
}

/** The f16 value that an f32 value was converted from; undefined if it was not. */
function halfOf({ source }: Value): Value | undefined {
  if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.name !== 'cast') return undefined;
  const from = nth(inputValues(source.node), 0);
  return from.type.dtype === 'f16' ? from : undefined;
}

/** Whether f16 has a number, rounded to 11 bits: neither infinite nor, as an epsilon, 0 there. */
function fits(value: number): boolean {
  const size = Math.abs(value);
  return !Number.isFinite(value) || size === 0 || (size >= smallestNormal && size <= largest);
}
