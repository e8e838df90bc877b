import type { Parameter } from '../../3-graph/parameter.js';
import type { Report } from '../../diagnostics/report.js';
import { constantShape } from '../onnx/model.js';
import { initializerProblem } from './init/distribution.js';
import { initialValues } from './init/initialize.js';
import type { TensorSource } from './tensor-source.js';

/** First values for all parameters, made when they are written. An initializer that does not fit its shape is reported. */
export function initializeWeights(parameters: readonly Parameter[], seed: number, report: Report): ReadonlyMap<string, TensorSource> {
  const sources = new Map<string, TensorSource>();
  for (const parameter of parameters) {
    const { name, span, init, type } = parameter;
    const problem = initializerProblem(init, constantShape(type, name));
    if (problem === undefined) sources.set(name, initialValues(parameter, seed));
    else report.add('weights-init', span, { name, problem, shape: `[${type.shape.join(', ')}]` });
  }
  return sources;
}
