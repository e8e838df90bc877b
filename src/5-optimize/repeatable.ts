/** Operators of ONNX whose outputs differ from run to run. */
const random: ReadonlySet<string> = new Set([
  'Bernoulli',
  'Dropout',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
]);

/** Whether two nodes of one ONNX operator with equal inputs and attributes compute the same. Nothing is known about other domains. */
export function isRepeatable({ opType, domain }: { readonly opType: string; readonly domain: string }): boolean {
  return domain === '' && !random.has(opType);
}
