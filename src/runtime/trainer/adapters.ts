import type { AdapterLayout } from '../../api/training.js';
import type { TensorData } from '../pure/tensor-data.js';
import { numbersOf, tensorOf } from '../pure/tensor-numbers.js';

/** The matrix with its adapter added, in its own element type: A is `[rank, inputs]`, B `[outputs, rank]`. It is computed in float64. */
export function withAdapter(matrix: TensorData, a: TensorData, b: TensorData, { scale, inputsFirst }: AdapterLayout): TensorData {
  const sum = numbersOf(matrix);
  const [down, up] = [numbersOf(a), numbersOf(b)];
  const [rank = 0, inputs = 0] = a.shape;
  const [outputs = 0] = b.shape;
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * (up[o * rank + r] ?? 0);
      for (let i = 0; i < inputs; i++) row[i] = (row[i] ?? 0) + factor * (down[r * inputs + i] ?? 0);
    }
    for (let i = 0; i < inputs; i++) {
      const at = inputsFirst ? i * outputs + o : o * inputs + i;
      sum[at] = (sum[at] ?? 0) + (row[i] ?? 0);
    }
  }
  return tensorOf(matrix.dtype, matrix.shape, sum);
}
