import type { Parameter } from '../3-graph/parameter.js';

/** The number of values that a model has: those that training changes, and the others. */
export interface ParameterCount {
  readonly parameters: number;
  readonly buffers: number;
}

/** Counts the parameters of the model, each once: those that the given ones are computed from, however they are stored. */
export function countParameters(parameters: Iterable<Parameter>): ParameterCount {
  const count = { parameters: 0, buffers: 0 };
  const declared = new Map([...parameters].flatMap((parameter) => declaredOf(parameter).map((one) => [one.name, one] as const)));
  for (const parameter of declared.values()) count[parameter.trainable ? 'parameters' : 'buffers'] += elementCount(parameter);
  return count;
}

/** The parameters that a tensor is computed from, or the tensor itself. */
export function declaredOf(parameter: Parameter): readonly Parameter[] {
  return parameter.derived?.from ?? [parameter];
}

export function elementCount({ type }: Parameter): number {
  return type.shape.reduce((product, size) => product * (size.constant ?? 0), 1);
}
