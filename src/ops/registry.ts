import type { Op } from './define.js';
import { ops } from './index.js';

const byName: ReadonlyMap<string, Op> = new Map(ops.map((op) => [op.name, op]));

/** The operator with this `.arch` name. */
export function opNamed(name: string): Op | undefined {
  return byName.get(name);
}
