import type { Op } from './define.js';
import { ops } from './index.js';
import { internalOps } from './internal.js';

const byName: ReadonlyMap<string, Op> = new Map(ops.map((op) => [op.name, op]));
const internalByName: ReadonlyMap<string, Op> = new Map(internalOps.map((op) => [op.name, op]));

/** The operator with this `.arch` name. */
export function opNamed(name: string): Op | undefined {
  return byName.get(name);
}

/** The operator with this name, whether of the language or of passes. */
export function anyOpNamed(name: string): Op | undefined {
  return byName.get(name) ?? internalByName.get(name);
}
