import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import type { CheckedEntry } from '../checked-model.js';
import { eachParameter } from '../layers/parameters-of.js';
import type { Surroundings } from './surroundings.js';

/**
 * Reports weights that two entries make under one name: only layers that are bound around the entries are shared. Says whether there are
 * none.
 */
export function reportSharedNames(report: Report, entries: readonly CheckedEntry[], around: Surroundings): boolean {
  const first = new Map<string, { readonly entry: CheckedEntry; readonly span: Span }>();
  let isDistinct = true;
  for (const entry of entries) {
    let isSaid = false;
    for (const { name, spec, use = spec.span } of eachParameter(entry.instance.steps.slice(around.steps.length))) {
      const before = first.get(name);
      if (before === undefined) first.set(name, { entry, span: use });
      else if (before.entry !== entry && !isSaid) {
        const notes = [{ span: before.span, text: `\`${before.entry.name}\` makes it here` }];
        report.add('entry-weight', use, { name, entries: [before.entry.name, entry.name] }, { notes });
        isSaid = true;
        isDistinct = false;
      }
    }
  }
  return isDistinct;
}
