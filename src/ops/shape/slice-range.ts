import { Dim } from '../../dims/dim.js';

/** From here on, a position means "to the end", and from its negative on, "to the beginning", whatever the size; int32's largest. */
export const openEnd = 2 ** 31 - 1;

/** Which positions a slice takes on one axis: `start`, `start + step`, ..., `count` of them; `end` is the first not taken. */
export interface SliceRange {
  readonly start: Dim;
  readonly end: Dim;
  readonly step: number;
  readonly count: Dim;
}

/** Resolves positions that count from the end (negative constants) or are open. A backward slice may end at -1, before the first. */
export function sliceRange(size: Dim, start: Dim, end: Dim, step: number): SliceRange {
  const [lowest, highest] = step > 0 ? [Dim.of(0), size] : [Dim.of(-1), size.sub(1)];
  const from = resolved(start, size, step > 0 ? lowest : Dim.of(0), highest);
  const to = resolved(end, size, lowest, highest);
  const count = step > 0 ? to.sub(from).ceilDiv(step) : from.sub(to).ceilDiv(-step);
  return { start: from, end: to, step, count };
}

function resolved(position: Dim, size: Dim, lowest: Dim, highest: Dim): Dim {
  const constant = position.constant;
  if (constant === undefined) return position;
  if (constant >= openEnd) return highest;
  if (constant <= -openEnd) return lowest;
  return constant < 0 ? size.add(constant) : position;
}

/** Start and end as ONNX Slice requires them: constants, counted from the end if that avoids computing a size, otherwise sizes. */
export function onnxPositions(size: Dim, range: SliceRange): { readonly start: Dim; readonly end: Dim } {
  const beforeFirst = range.step < 0 && range.end.constant === -1;
  return {
    start: counted(size, range.start),
    end: beforeFirst ? Dim.of(-openEnd) : range.end.equals(size) ? Dim.of(openEnd) : counted(size, range.end),
  };
}

function counted(size: Dim, position: Dim): Dim {
  if (position.constant !== undefined) return position;
  const fromEnd = size.sub(position).constant;
  return fromEnd !== undefined && fromEnd > 0 ? Dim.of(-fromEnd) : position;
}
