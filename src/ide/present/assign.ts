import type { Parameter } from './callable.js';

/** An argument of a call, as far as it decides which parameter it is for. */
export interface GivenArgument {
  readonly name: string | undefined;
  /** Whether it is known that it is not a tensor. */
  readonly isNoTensor: boolean;
}

/** The parameter of each argument; one more for an argument that could follow. */
export function assigned(parameters: readonly Parameter[], given: readonly GivenArgument[]): readonly (Parameter | undefined)[] {
  const byName = new Set(given.flatMap(({ name }) => name ?? []));
  const positions = parameters.filter(({ byPosition, name }) => byPosition && !byName.has(name));
  let next = 0;
  const place = (isNoTensor: boolean): Parameter | undefined => {
    // A number is never a tensor that may be left out.
    while (isNoTensor && positions[next]?.isTensor === true && positions[next]?.isRequired === false) next++;
    const parameter = positions[next];
    if (parameter?.isVariadic !== true) next++;
    return parameter;
  };
  const found = given.map(({ name, isNoTensor }) => (name === undefined ? place(isNoTensor) : parameterNamed(parameters, name)));
  return [...found, place(false)];
}

/** The parameter that a name is written for. One axis may be given where several are taken. */
export function parameterNamed(parameters: readonly Parameter[], name: string): Parameter | undefined {
  return (
    parameters.find((parameter) => parameter.name === name) ??
    (name === 'axis' ? parameters.find((parameter) => parameter.name === 'axes') : undefined)
  );
}
