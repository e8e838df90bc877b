/** A point of a line: where, and how high. */
export type Point = readonly [x: number, y: number];

/** At most `count` points, each the mean of as many neighbors. */
export function thinned(points: readonly Point[], count: number): readonly Point[] {
  const size = Math.ceil(points.length / count);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => mean(points.slice(i * size, (i + 1) * size)));
}

/** The same points, each with the weighted mean of those around it: the nearest count most, and from `reach` points on they do not count. */
export function smoothed(points: readonly Point[], reach: number): readonly Point[] {
  return points.map(([x], i) => {
    let sum = 0;
    let weights = 0;
    for (let k = Math.max(0, i - reach + 1); k < Math.min(points.length, i + reach); k++) {
      const weight = 1 - Math.abs(k - i) / reach;
      sum += weight * (points[k]?.[1] ?? 0);
      weights += weight;
    }
    return [x, sum / weights];
  });
}

function mean(points: readonly Point[]): Point {
  const sum = (axis: 0 | 1) => points.reduce((total, point) => total + point[axis], 0);
  return [sum(0) / points.length, sum(1) / points.length];
}
