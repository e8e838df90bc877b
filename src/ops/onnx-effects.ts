import type { Effects } from './define.js';

/** ONNX operators whose outputs differ from run to run. */
const random: ReadonlySet<string> = new Set([
  'Bernoulli',
  'Dropout',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
]);

/** ONNX operators whose results have a size that the data decide. */
const newSizes: ReadonlySet<string> = new Set(['Compress', 'NonMaxSuppression', 'NonZero', 'Unique']);

/** The effects of an ONNX operator. Nothing is known about those of other domains, so no two calls of theirs count as equal. */
export function onnxEffects({ opType, domain }: { readonly opType: string; readonly domain: string }): Effects {
  if (domain !== '' || random.has(opType)) return 'random';
  return newSizes.has(opType) ? 'new-size' : 'pure';
}
