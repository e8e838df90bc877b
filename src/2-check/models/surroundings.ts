import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Facts } from '../../dims/facts.js';
import type { Step } from '../checked-model.js';
import type { Context } from '../context.js';
import type { Labels } from '../layers/labels.js';
import type { Scope } from '../modules/scope.js';
import type { OpenDemand } from '../session.js';

/** What the statements around the entries of a model make: layers bound to names, which all entries share, and compile-time values. */
export interface Surroundings {
  readonly scope: Scope;
  readonly labels: Labels;
  readonly facts: Facts;
  /** They bind the layers. */
  readonly steps: readonly Step[];
  readonly open: ReadonlyMap<string, OpenDemand>;
  readonly problems: readonly Diagnostic[];
}

/** The statements around the entries of a model, run once with its hyperparameters as variables. */
export interface RigidSurroundings {
  readonly cx: Context;
  readonly around: Surroundings;
}
