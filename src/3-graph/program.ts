import type { CheckedEntry } from '../2-check/checked-model.js';
import type { ValueRange } from '../ops/value-range.js';
import type { Graph } from './graph.js';

/** A model as graphs over one set of parameters and states. */
export interface Program {
  readonly name: string;
  readonly entries: readonly ProgramEntry[];
}

export interface ProgramEntry {
  readonly name: string;
  readonly checked: CheckedEntry;
  readonly graph: Graph;
  /** Which integers its inputs may hold, if not all. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
}
