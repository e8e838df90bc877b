import type { Dim } from '../../dims/dim.js';
import type { Step } from '../checked-model.js';
import type { Context } from '../context.js';
import { bareName, type Signature } from '../modules/signature.js';

/** Names of sizes that an axis of an input has on its own, so that a run knows them from its inputs without any state. */
export function sizesOfInputs({ inputs }: Signature): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { type } of inputs) {
    for (const dim of type.dims) {
      const name = bareName(dim);
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/**
 * The names in the size of a state that only states determine: no input of what is checked has an axis of that size alone. They are 0 where
 * the state starts empty, and may change from call to call.
 */
export function sizesOfStates({ outermost }: Context, size: Dim, signature: Signature | undefined): readonly string[] {
  if (outermost === undefined || signature === undefined) return [...size.variables()];
  const known = sizesOfInputs(signature);
  const isOfRest = (name: string) => [...signature.rests].some((rest) => name === `${rest}0` || name === `${rest}1`);
  return [...size.variables()].filter((name) => !known.has(name) && !isOfRest(name));
}

/** The sizes of an entry's signature that are 0 in its first call, because states start empty along them. */
export function emptyAtFirst(signature: Signature, steps: readonly Step[]): ReadonlySet<string> {
  const empty = new Set<string>();
  const known = sizesOfInputs(signature);
  const visit = (inside: readonly Step[]): void => {
    for (const step of inside) {
      if (step.kind === 'call' && step.instance.size.states > 0) visit(step.instance.steps);
      if (step.kind !== 'state' || step.state.start.kind !== 'empty') continue;
      for (const size of step.output.type.shape)
        for (const name of size.variables()) if (signature.inputDims.has(name) && !known.has(name)) empty.add(name);
    }
  };
  visit(steps);
  return empty;
}
