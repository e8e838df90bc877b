/**
 * `torch.nn.init.orthogonal_`: the matrix Q of the decomposition QR of `gaussian` with a positive diagonal of R, times
 * `gain`. `gaussian` is `[rows, columns]`, row-major, and is overwritten: the shorter of rows and columns become orthonormal.
 *
 * Modified Gram-Schmidt, twice ("twice is enough", Giraud et al. 2005), which leaves the diagonal positive by itself.
 * O(rows * columns * min(rows, columns)).
 */
export function orthogonalize(gaussian: Float64Array, rows: number, columns: number, gain: number): void {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, (_, i) =>
    rows < columns
      ? gaussian.slice(i * columns, (i + 1) * columns)
      : Float64Array.from({ length }, (_, j) => gaussian[j * columns + i] ?? 0),
  );
  for (const [i, vector] of vectors.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) subtractProjection(vector, vectors[k] ?? vector);
      scale(vector, 1 / Math.sqrt(dot(vector, vector)));
    }
  }
  for (const [i, vector] of vectors.entries()) {
    for (let j = 0; j < length; j++) gaussian[rows < columns ? i * columns + j : j * columns + i] = gain * (vector[j] ?? 0);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `unit` has length 1. */
function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const length = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - length * (unit[i] ?? 0);
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * factor;
}
