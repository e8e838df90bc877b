/** See digits.mjs. */
export function drawDigits(
  count: number,
  options: { readonly seed: number; readonly style?: 'train' | 'heldOut'; readonly side?: number },
): { readonly images: Float32Array; readonly labels: BigInt64Array };
