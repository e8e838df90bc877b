import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { Target } from '../../src/ops/targets.js';
import { bytesOfElements, type NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import type { OrtRunner } from '../kit/ort.js';
import { modelOf, rendered } from '../kit/source.js';
import { onnxWithWeights } from '../kit/with-weights.js';
import { Draw } from '../random-programs/draw.js';
import { type Sketch, sourceOf } from './sketch.js';

/** The tolerance, relative to the largest element of an output: f32 sums in another order, and weights that are rounded once instead of twice, may differ by this much. */
export const tolerance = 1e-4;

/** The same for models that cast to f16: a difference in the last digit of f32 may round to the number beside. */
const shortTolerance = 2 ** -10;

const sizes: Readonly<Record<string, number>> = { N: 2, T: 3, H: 8, W: 6 };

export type Arrays = Readonly<Record<string, NdArray>>;

/** The feeds for every model with these inputs. */
export function feedsOf({ inputs }: Sketch): Arrays {
  const draw = new Draw(7);
  return Object.fromEntries(
    inputs.map(({ name, shape, type }): [string, NdArray] => {
      const numbers = shape.map((size) => sizes[size] ?? Number(size));
      const isFloat = type.startsWith('Tensor<f32>');
      const data = Float64Array.from({ length: numbers.reduce((a, b) => a * b) }, () =>
        isFloat ? Math.fround(4 * draw.number() - 2) : draw.int(0, 4),
      );
      return [name, { dtype: isFloat ? 'f32' : 'i64', shape: numbers, data }];
    }),
  );
}

/** The file of a model that is compiled with -O0, and its weights. The weights depend only on their names in their layers and on their shapes; batch statistics differ from the ones that training starts with. */
export function plain(source: string): { readonly bytes: Uint8Array; readonly weights: Uint8Array } {
  const model = modelOf(source, { optimize: 0 });
  const tensors = model.parameters.map(({ name, type: { dtype, shape } }) => {
    const numbers = shape.map((size) => size.constant as number);
    const draw = new Draw([...name.replace(/^inner\./, '')].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1e9, 7));
    const isPositive = name.endsWith('running_var');
    const count = numbers.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: count }, () => (isPositive ? 0.5 + draw.number() : draw.number() - 0.4));
    // A parameter that is not f32 counts batches.
    return {
      name,
      dtype,
      shape: numbers,
      bytes: dtype === 'f32' ? new Uint8Array(data.buffer) : new Uint8Array(bytesOfElements(dtype, count)),
    };
  });
  const weights = joinChunks(writeSafetensors(tensors));
  return { bytes: onnxWithWeights(model, weights), weights };
}

/** The optimized file of a model with these weights. */
export function optimized(source: string, weights: Uint8Array, target: Target): Uint8Array {
  const host = createMemoryHost({ 'main.arch': source, weights });
  const result = build('main.arch', host, { optimize: 2, target, weights: 'weights' });
  if (result.bytes === undefined) throw new Error(rendered(result));
  return result.bytes;
}

/** What is wrong with the optimized file of a sketch, if anything. It runs with ONNX Runtime's own optimizer off and on, and is compared with the file of -O0, which runs with the optimizer off. */
export async function fault(sketch: Sketch, target: Target, ort: OrtRunner): Promise<string | undefined> {
  const source = sourceOf(sketch);
  const feeds = feedsOf(sketch);
  const { bytes: reference, weights } = plain(source);
  const wanted = await ort.run(reference, feeds, { optimization: 'disabled' });
  const bytes = optimized(source, weights, target);
  for (const optimization of ['disabled', 'all'] as const) {
    const got = await ort.run(bytes, feeds, { optimization });
    const problem = differenceOf(got, wanted, source.includes('f16') ? shortTolerance : tolerance);
    if (problem !== undefined) return `${target}, ONNX Runtime's own optimizations ${optimization}: ${problem}`;
  }
  return undefined;
}

/** The first output that differs. */
export function differenceOf(got: Arrays, wanted: Arrays, allowed = tolerance): string | undefined {
  for (const [name, array] of Object.entries(wanted)) {
    const other = got[name];
    const problem = other === undefined ? 'is missing' : difference(other, array, allowed);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}
