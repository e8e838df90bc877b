import type { Parameter } from '../../3-graph/parameter.js';
import type { Report } from '../../diagnostics/report.js';
import { HostError } from '../../host.js';
import { programElements } from '../../ops/program.js';
import { constantShape } from '../onnx/model.js';
import { ComputationError } from './init/computed.js';
import { initializerProblem } from './init/distribution.js';
import { initialValues } from './init/initialize.js';
import { type TensorSource, wholeTensor } from './tensor-source.js';

/** Programs up to this many elements are run at once, so that mistakes in them are reported before anything is written. */
const computedAtOnce = 1 << 22;

/** Initial values for all parameters, made when they are written. An initializer that does not fit its shape is reported. */
export function initializeWeights(parameters: readonly Parameter[], seed: number, report: Report): ReadonlyMap<string, TensorSource> {
  const sources = new Map<string, TensorSource>();
  for (const parameter of parameters) {
    const { name, span, init, type } = parameter;
    const shape = constantShape(type, name);
    const made = initializerProblem(init, shape) ?? firstValues(parameter, seed);
    if (typeof made !== 'string') sources.set(name, made);
    else report.add('weights-init', span, { name, problem: made, shape: `[${type.shape.join(', ')}]` });
  }
  return sources;
}

/** The values of one parameter, or why it has none. */
function firstValues(parameter: Parameter, seed: number): TensorSource | string {
  const source = initialValues(parameter, seed);
  if (parameter.init.kind !== 'computed') return source;
  if (programElements(parameter.init.program) > computedAtOnce) return inWords(source, parameter.name);
  try {
    const bytes = wholeTensor(source);
    return { length: bytes.length, blocks: () => [bytes] };
  } catch (error) {
    if (error instanceof ComputationError) return error.message;
    throw error;
  }
}

/** While a file is written, a value that cannot be computed is an error of the file. */
function inWords(source: TensorSource, name: string): TensorSource {
  return {
    length: source.length,
    *blocks() {
      try {
        yield* source.blocks();
      } catch (error) {
        throw error instanceof ComputationError ? new HostError(`cannot compute the initial value of ${name}: ${error.message}`) : error;
      }
    },
  };
}
