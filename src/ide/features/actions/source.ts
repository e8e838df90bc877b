import type { Edit } from '../../../diagnostics/record.js';
import { fixAll } from '../../../fix-all.js';
import type { Workspace } from '../../workspace.js';
import type { Offer, Place } from './action.js';
import { organizedImports } from './organize-imports.js';

/** Actions on a whole file. */
export function sourceOffers(place: Place): readonly Offer[] {
  const { workspace, view } = place;
  return [
    { title: 'apply all safe fixes', kind: 'source.fixAll', isSlow: true, edits: () => allFixes(workspace, view.path) },
    { title: 'organize imports', kind: 'source.organizeImports', edits: () => organizedImports(view) },
  ];
}

/** Applies the safe fixes of a file until none is left, as `archc check --fix` does; one edit for what changes. */
export function allFixes(workspace: Workspace, path: string): readonly Edit[] {
  const before = workspace.text(path) ?? '';
  const { texts } = fixAll({
    nameOf: (file) => (file === path ? path : undefined),
    check: (changed) => {
      const diagnostics = (changed.size === 0 ? workspace : workspace.with(changed)).view(path)?.diagnostics ?? [];
      return { diagnostics, sources: new Map([[path, changed.get(path) ?? before]]) };
    },
  });
  const after = texts.get(path);
  return after === undefined ? [] : [difference(path, before, after)];
}

/** The smallest replacement that makes one text into another. */
export function difference(path: string, before: string, after: string): Edit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { span: { file: path, start, end: before.length - end }, text: after.slice(start, after.length - end) };
}
