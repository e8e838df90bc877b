import type { Span } from '../../diagnostics/span.js';
import { isStandardFile } from '../../standard-file.js';
import { bodiesOf, type Step } from '../checked-model.js';
import type { Session } from '../session.js';
import { renamed } from '../statements/joined-scopes.js';
import type { ParameterSpec, SharedInstance } from '../values/values.js';

/** The parameters of a typed body, named relative to it: `q_proj.weight`. Those of shared layers are counted where the layer is bound. */
export function parametersOf(steps: readonly Step[]): ReadonlyMap<string, ParameterSpec> {
  const all = new Map<string, ParameterSpec>();
  for (const { name, spec } of eachParameter(steps)) all.set(name, spec);
  return all;
}

interface FoundParameter {
  readonly name: string;
  readonly spec: ParameterSpec;
  /** The innermost use, in a file of the user's, of a layer that has it. */
  readonly use: Span | undefined;
}

/** The same one by one, including those that share a name with others. */
export function* eachParameter(steps: readonly Step[]): Generator<FoundParameter> {
  for (const step of steps) {
    if (step.kind === 'parameter') yield { name: step.name, spec: step.parameter, use: undefined };
    else if (step.kind === 'call') {
      const { scope, span } = step;
      if (scope.kind === 'shared') continue;
      for (const found of eachParameter(step.instance.steps)) {
        const name = scope.kind === 'label' ? `${scope.label}.${found.name}` : renamed(found.name, scope.renames);
        yield { ...found, name, use: found.use ?? (isStandard(span) ? undefined : span) };
      }
    } else if (step.kind === 'bind') {
      const { label, joins, parameters, span } = step.instance;
      for (const [name, spec] of parameters) {
        const there = joins === undefined ? `${label}.${name}` : renamed(name, joins.renames);
        yield { name: there, spec, use: isStandard(span) ? undefined : span };
      }
    } else for (const body of bodiesOf(step)) yield* eachParameter(body.steps);
  }
}

/** Whether a location is in the standard library. */
export function isStandard({ file }: Span): boolean {
  return isStandardFile(file);
}

/** Records parameters that a shared layer turned out to have. */
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
