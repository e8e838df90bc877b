import { sizeOf } from './array.js';

/** A shape seen along one axis: element `i` of lane (`outer`, `inner`) is at `(outer * length + i) * inners + inner`. */
export interface Lanes {
  readonly outers: number;
  readonly length: number;
  readonly inners: number;
}

/** The lanes along `axis`, which is counted from 0 (or from the end if negative). */
export function lanesOf(shape: readonly number[], axis: number): Lanes {
  const at = axis < 0 ? axis + shape.length : axis;
  return { outers: sizeOf(shape.slice(0, at)), length: shape[at] ?? 1, inners: sizeOf(shape.slice(at + 1)) };
}

/** Calls `visit` with the offset of the first element of each lane and the distance between its elements, in row-major order. */
export function forEachLane(lanes: Lanes, visit: (start: number, stride: number, lane: number) => void): void {
  for (let outer = 0, lane = 0; outer < lanes.outers; outer++) {
    for (let inner = 0; inner < lanes.inners; inner++, lane++) visit(outer * lanes.length * lanes.inners + inner, lanes.inners, lane);
  }
}
