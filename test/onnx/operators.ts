import type { Translation } from './node-call.js';
import { elementwise } from './operators/elementwise.js';
import { indexAndLinalg } from './operators/index-and-linalg.js';
import { losses } from './operators/loss.js';
import { norms } from './operators/norm.js';
import { recurrents } from './operators/recurrent.js';
import { reductions } from './operators/reduce.js';
import { shapes } from './operators/shape.js';
import { vision } from './operators/vision.js';

/** How each ONNX operator, with its attributes and constant inputs, is written with archc's operators. */
export const translations: Readonly<Record<string, Translation>> = {
  ...elementwise,
  ...indexAndLinalg,
  ...losses,
  ...norms,
  ...recurrents,
  ...reductions,
  ...shapes,
  ...vision,
};
