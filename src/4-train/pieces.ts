import type { Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { MomentLayout } from '../api/training.js';
import { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import { concrete, product } from '../ops/sizes.js';
import { bytesOfElements, type Shape, type TensorType } from '../ops/types.js';
import { optimizerFor } from './optimizers/index.js';
import type { ElementwiseOptimizer, Moment, Options, TensorOptimizer } from './optimizers/optimizer.js';
import type { TrainedWeight } from './trained-weights.js';

/** Weights that are updated together: one, or several with the same options, whose gradients and moments are joined to vectors. */
export interface Piece {
  readonly weights: readonly TrainedWeight[];
  readonly optimizer: ElementwiseOptimizer | TensorOptimizer;
  readonly options: Options;
  readonly lrScale: number;
}

/** Joins weights for an optimizer that treats each element on its own; a vector has at most `pieceBytes` bytes, unless it is one weight. */
export function piecesOf(weights: readonly TrainedWeight[], name: string, pieceBytes: number): readonly Piece[] {
  const pieces: (Piece & { readonly weights: TrainedWeight[] })[] = [];
  const open = new Map<string, { readonly weights: TrainedWeight[]; bytes: number }>();
  for (const weight of weights) {
    const { lrScale, value } = weight;
    const { optimizer, options } = optimizerFor(name, weight.options, value.type.shape);
    const key = JSON.stringify([optimizer.kind, options, lrScale, optimizer.kind === 'tensor' ? weight.name : '']);
    const bytes = bytesOfElements(value.type.dtype, product(value.type.shape).constant ?? 0);
    const before = open.get(key);
    if (before !== undefined && before.bytes + bytes <= pieceBytes) {
      before.weights.push(weight);
      before.bytes += bytes;
      continue;
    }
    const piece = { weights: [weight], optimizer, options, lrScale };
    pieces.push(piece);
    open.set(key, { weights: piece.weights, bytes });
  }
  return pieces;
}

/** The type of the gradient of a piece. */
export function typeOfPiece({ optimizer, weights }: Piece): TensorType {
  const types = weights.map(({ value }) => value.type);
  if (optimizer.kind === 'tensor') return nth(types, 0);
  return { dtype: 'f32', shape: [types.reduce((sum, { shape }) => sum.add(product(shape)), Dim.zero)] };
}

/** What belongs to the weights of a piece, such as their gradients, as one tensor. */
export function joined(g: GraphBuilder, { optimizer }: Piece, values: readonly Value[]): Value {
  if (optimizer.kind === 'tensor') return nth(values, 0);
  const sizes = values.map((value) => product(value.type.shape));
  if (values.length === 1) return g.reshape(nth(values, 0), sizes);
  // Rows, so that there is a node for each value, even for a vector, in this order and after everything that computes them: ONNX Runtime computes the inputs of the concat from the
  // last to the first, and releases what the gradient of one layer needs before it continues with the layer below.
  const rows = values.map((value, i) => g.reshape(value, [1, nth(sizes, i)]));
  return g.reshape(g.concat(rows, 1), [sizes.reduce((a, b) => a.add(b))]);
}

/** The reverse: a tensor for each weight. */
export function separated(g: GraphBuilder, { optimizer, weights }: Piece, value: Value): readonly Value[] {
  if (optimizer.kind === 'tensor') return [value];
  const shapes = weights.map((weight) => weight.value.type.shape);
  const parts = shapes.length === 1 ? [value] : g.call('split', [value], { sizes: shapes.map(product), axis: 0 });
  return parts.map((part, i) => g.reshape(part, nth(shapes, i)));
}

/** A moment of a piece, as a state of the training graph. */
export interface PieceMoment {
  readonly state: string;
  readonly moment: Moment;
  readonly shape: Shape;
}

/** What the optimizer remembers for the piece with this number. */
export function momentsOf(piece: Piece, index: number): readonly PieceMoment[] {
  const { optimizer, options } = piece;
  const { shape } = typeOfPiece(piece);
  const moments =
    optimizer.kind === 'tensor' ? optimizer.moments(options, shape) : optimizer.moments(options).map((moment) => ({ ...moment, shape }));
  return moments.map((moment) => ({ state: `optimizer.${moment.name}.${index}`, moment, shape: moment.shape }));
}

/** Where the moments of the weights are. */
export function layoutOf(piece: Piece, index: number): readonly MomentLayout[] {
  return momentsOf(piece, index).map(({ state, moment, shape: joinedShape }) => {
    let offset = 0;
    const parts = piece.weights.map(({ name, value }) => {
      const shape = (piece.optimizer.kind === 'tensor' ? joinedShape : value.type.shape).map(concrete);
      const part = { name, shape, offset };
      offset += shape.reduce((a, b) => a * b, 1);
      return part;
    });
    return { state, moment: moment.name, parts };
  });
}
