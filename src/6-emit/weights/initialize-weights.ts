import type { Parameter } from '../../3-graph/parameter.js';
import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';
import { programElements } from '../../ops/program.js';
import { constantShape } from '../onnx/model.js';
import { ComputationError } from './init/computed.js';
import { initializerProblem } from './init/distribution.js';
import { initialValues } from './init/initialize.js';
import { type TensorSource, wholeTensor } from './tensor-source.js';
import { UnusableWeight } from './unusable-weight.js';

/** Programs up to this many elements are run at once, so that mistakes in them are reported before anything is written. */
const computedAtOnce = 1 << 22;

/** Initial values for all parameters, made when they are written. An initializer that does not fit its shape is reported. */
export function initializeWeights(parameters: readonly Parameter[], seed: number, report: Report): ReadonlyMap<string, TensorSource> {
  const sources = new Map<string, TensorSource>();
  for (const parameter of parameters) {
    const { name, init, type } = parameter;
    const made = initializerProblem(init, constantShape(type, name)) ?? firstValues(parameter, seed);
    if (typeof made !== 'string') sources.set(name, made);
    else report.push(withoutValue(parameter, made));
  }
  return sources;
}

/** The values of one parameter, or why it has none. */
function firstValues(parameter: Parameter, seed: number): TensorSource | string {
  const source = initialValues(parameter, seed);
  if (parameter.init.kind !== 'computed') return source;
  if (programElements(parameter.init.program) > computedAtOnce) return reporting(source, parameter);
  try {
    const bytes = wholeTensor(source);
    return { length: bytes.length, blocks: () => [bytes] };
  } catch (error) {
    if (error instanceof ComputationError) return error.message;
    throw error;
  }
}

/** While a file is written, a value that cannot be computed is a mistake in the model, too. */
function reporting(source: TensorSource, parameter: Parameter): TensorSource {
  return {
    length: source.length,
    *blocks() {
      try {
        yield* source.blocks();
      } catch (error) {
        throw error instanceof ComputationError ? new UnusableWeight(withoutValue(parameter, error.message)) : error;
      }
    },
  };
}

function withoutValue({ name, span, type }: Parameter, problem: string): Diagnostic {
  return diagnostic('weights-init', span, { name, problem, shape: `[${type.shape.join(', ')}]` });
}
