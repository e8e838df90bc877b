/**
 * The ONNX opsets that archc writes. The forms of its operators are those of the first, where the axes of reductions became inputs everywhere; later ones add
 * operators and keep these. The last is the newest whose operators are in `onnx-schema.generated.ts`.
 */
export const opsets = { min: 21, max: 28 } as const;
