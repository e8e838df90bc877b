import type { Instance, Step } from './program.js';
import type { Session } from './session.js';
import type { ParameterSpec, SharedInstance } from './values.js';

/** The parameters of a typed body, named relative to it: `q_proj.weight`. Those of shared layers count where the layer was bound. */
export function parametersOf(steps: readonly Step[]): ReadonlyMap<string, ParameterSpec> {
  const all = new Map<string, ParameterSpec>();
  for (const step of steps) {
    if (step.kind === 'parameter') all.set(step.name, step.parameter);
    else if (step.kind === 'call') {
      if (step.scope.kind === 'shared') continue;
      const prefix = step.scope.kind === 'label' ? `${step.scope.label}.` : '';
      for (const [name, spec] of ofInstance(step.instance)) all.set(prefix + name, spec);
    } else if (step.kind === 'bind') {
      for (const [name, spec] of step.instance.parameters) all.set(`${step.instance.label}.${name}`, spec);
    }
  }
  return all;
}

function ofInstance(instance: Instance): ReadonlyMap<string, ParameterSpec> {
  return parametersOf(instance.steps);
}

/** Remembers parameters that a shared layer turned out to have. */
export function recordParameters(session: Session, shared: SharedInstance, found: ReadonlyMap<string, ParameterSpec>): void {
  for (const [name, spec] of found) {
    const before = shared.parameters.get(name);
    shared.parameters.set(name, spec);
    session.onRollback(() => {
      if (before === undefined) shared.parameters.delete(name);
      else shared.parameters.set(name, before);
    });
  }
}
