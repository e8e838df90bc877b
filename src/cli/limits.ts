import { suggest } from '../diagnostics/suggest.js';
import { limitsByFlag } from '../limit-table.js';
import { defaultLimits, type Limits, limitProblem } from '../limits.js';
import type { ParsedOptions } from './arguments.js';
import { UsageError } from './usage-error.js';

/** The limits of a command: the defaults, with the changes of `--limit NAME=N`. */
export function limitsOf(options: ParsedOptions): Limits {
  const changed: Partial<Record<keyof Limits, number>> = {};
  for (const [flag, text] of options.pairs('limit')) {
    const name = limitsByFlag.get(flag);
    if (name === undefined) {
      const [near] = suggest(flag, limitsByFlag.keys());
      throw new UsageError(
        `there is no limit \`${flag}\``,
        near === undefined ? `the limits are ${[...limitsByFlag.keys()].join(', ')}` : `did you mean \`${near}\`?`,
      );
    }
    const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    const problem = limitProblem(name, limit);
    if (problem !== undefined) throw new UsageError(`\`--limit ${flag}=${text}\`: ${problem}`);
    changed[name] = limit;
  }
  return { ...defaultLimits, ...changed };
}
