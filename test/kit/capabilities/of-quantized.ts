import { blockSizes } from '../../../src/5-optimize/quantize/form.js';
import { targets } from '../../../src/ops/targets.js';
import { programOf } from '../source.js';
import { collect, type Emitted } from './emitted.js';

const models = [
  'model M(x: Tensor[2, 256]) -> (y: Tensor[2, 8]) { return x -> a: Linear(8) }',
  'model M(x: Tensor[2, 256]) -> (y: Tensor[2, 8]) { return x -> a: Linear(8, bias = false) }',
  'model M(ids: Tensor<i64>[2, 3]) -> (y: Tensor[2, 3, 256]) { return ids -> a: Embedding(64, 256) }',
  'model M(ids: Tensor<i32>[2, 3]) -> (y: Tensor[2, 3, 256]) { param w: Tensor[64, 256] = normal()\n return embedding(w, ids) }',
];

/** The forms in models whose weights are stored in fewer bits. */
export function emittedByQuantized(): Emitted {
  const all: Emitted = new Map();
  const blocks = ['int4', 'int8'].flatMap((form) => blockSizes.map((size) => `${form}/${size}`));
  for (const target of targets.filter((one) => one !== 'cuda'))
    for (const quantize of [...blocks, 'f16', ...(target === 'cpu' ? ['int8-dynamic'] : [])])
      for (const dtype of ['f32', 'f16'] as const)
        for (const source of models) for (const { onnx } of programOf(source, { target, quantize, dtype }).entries) collect(all, onnx);
  return all;
}
