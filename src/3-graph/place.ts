import { isStandard } from '../2-check/layers/parameters-of.js';
import { renamed } from '../2-check/statements/joined-scopes.js';
import type { ParameterSpec, SharedInstance, StateSpec } from '../2-check/values/values.js';
import type { Span } from '../diagnostics/span.js';
import type { Origin, Use } from './graph.js';
import type { StatePlace } from './states.js';

/** Where in the model a body is being unfolded. */
export interface Place {
  /** Dot-joined parameter prefix with its final dot; empty at the top. */
  readonly prefix: string;
  readonly path: readonly string[];
  readonly kinds: readonly string[];
  /** The names of the body's generated labels here, if it is used without a level. */
  readonly renames: ReadonlyMap<string, { readonly label: string }>;
  /** The use of each layer of `path`. */
  readonly uses: readonly Use[];
  /** The innermost use in a file of the user's. */
  readonly use?: Span | undefined;
  /** The outermost shared layer that this is inside: its parameters are made once. */
  readonly owner?: SharedInstance | undefined;
}

const noRenames: ReadonlyMap<string, { readonly label: string }> = new Map();

/** Where to report a parameter: in the user's file. */
export function userSpan(spec: ParameterSpec, { use }: Place): Span {
  return isStandard(spec.span) && use !== undefined ? use : spec.span;
}

/** The scope of a labeled layer here. */
export function inner(place: Place, label: string, kind: string | undefined): Place {
  return {
    prefix: `${place.prefix}${label}.`,
    path: [...place.path, label],
    kinds: kind === undefined ? place.kinds : [...place.kinds, kind],
    renames: noRenames,
    uses: place.uses,
    owner: place.owner,
  };
}

/** The same scope with other names for the generated labels of a body. */
export function joined(place: Place, renames: ReadonlyMap<string, { readonly label: string }>): Place {
  return { ...place, renames: new Map([...renames].map(([label, to]) => [label, place.renames.get(to.label) ?? to])) };
}

/** Where the weights of a shared layer that is bound here are. */
export function homeOf({ label, joins }: SharedInstance, place: Place): Place {
  return joins === undefined ? inner(place, label, undefined) : joined(place, joins.renames);
}

/** The same place in a body that is used there: what is around the use is also around the body. */
export function usedAt({ prefix, path, kinds, renames, uses, owner, use }: Place, around: Place, span: Span): Place {
  const inUserFile = isStandard(span) ? undefined : span;
  const all = path.length > uses.length ? [...uses, { span }] : uses;
  return { prefix, path, kinds, renames, uses: all, owner: owner ?? around.owner, use: inUserFile ?? use ?? around.use };
}

/** The full name of a weight of a body here. */
export function nameIn(place: Place, name: string): string {
  return place.prefix + renamed(name, place.renames);
}

export function statePlace({ span }: StateSpec, place: Place): StatePlace {
  const use = place.use ?? span;
  return { nameOf: (name) => nameIn(place, name), owner: place.owner, span: isStandard(span) ? use : span, use, body: place };
}

export function origin(place: Place, span: Span): Origin {
  const { path, kinds, use, uses } = place;
  return isStandard(span) && use !== undefined ? { path, kinds, span, use, uses } : { path, kinds, span, uses };
}
