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

/** The effects of an ONNX operator. Nothing is known about those of other domains, so that each of their calls counts as a call of its own. */
export function onnxEffects({ opType, domain }: { readonly opType: string; readonly domain: string }): Effects {
  return domain === '' && !random.has(opType) ? 'pure' : 'random';
}
