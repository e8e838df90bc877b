import type { CheckedEntry } from '../2-check/checked-model.js';
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
}
