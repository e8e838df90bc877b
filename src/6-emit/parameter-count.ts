import type { Parameter } from '../3-graph/parameter.js';

/** The number of values that a model stores: those that training changes, and the others. */
export interface ParameterCount {
  readonly parameters: number;
  readonly buffers: number;
}

export function countParameters(parameters: Iterable<Parameter>): ParameterCount {
  const count = { parameters: 0, buffers: 0 };
  for (const parameter of parameters) count[parameter.trainable ? 'parameters' : 'buffers'] += elementCount(parameter);
  return count;
}

export function elementCount({ type }: Parameter): number {
  return type.shape.reduce((product, size) => product * (size.constant ?? 0), 1);
}
