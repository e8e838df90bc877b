import type { OnnxGraph } from '../../src/5-optimize/lowering/onnx-graph.js';
import type { Shape } from '../../src/ops/types.js';

/** ONNX operators whose result has the shape to which their inputs broadcast. */
const elementwise = new Set(
  'Add Sub Mul Div Mod Pow Min Max Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Not Neg Abs Sign Floor Ceil Round Where Cast'.split(
    ' ',
  ),
);

/**
 * The first elementwise node whose declared shape has another rank than its inputs broadcast to, or undefined. Runtimes that read the file take such a
 * model for invalid, although ONNX Runtime does not look.
 */
export function wronglyDeclared({ nodes }: OnnxGraph): string | undefined {
  for (const { name, opType, domain, inputs, outputs } of nodes) {
    const declared: Shape | undefined = outputs[0]?.type.shape;
    if (domain !== '' || !elementwise.has(opType) || declared === undefined) continue;
    const rank = Math.max(...inputs.map((input) => input?.type.shape.length ?? 0));
    if (declared.length !== rank) return `${name} is declared with ${declared.length} axes, and has ${rank}`;
  }
  return undefined;
}
