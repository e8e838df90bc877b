import type { Diagnostic, Edit, Fix } from '../../../diagnostics/record.js';
import type { Offer, Place } from './action.js';
import { fittingFirst } from './similar-names.js';

/** The fixes that come with the mistakes and warnings at a place, each also for all mistakes of its kind that it corrects in the same way. */
export function fixOffers(place: Place): readonly Offer[] {
  return place.diagnostics.flatMap((diagnostic) => {
    const own = diagnostic.fixes.filter((fix) => !addsImport(fix));
    const fixes = fittingFirst(place, diagnostic, own);
    const isOnlySafe = fixes.filter(({ safe }) => safe === true).length === 1;
    const offers = fixes.map((fix): Offer => {
      const offer = { title: fix.title, kind: 'quickfix' as const, diagnostics: [diagnostic], edits: () => fix.edits };
      return isOnlySafe && fix.safe === true ? { ...offer, isPreferred: true } : offer;
    });
    return [...offers, ...fixes.slice(0, 1).flatMap((fix) => everywhere(place.view.diagnostics, diagnostic, fix))];
  });
}

/** Unknown names that are imported: `add-import` merges what is imported. */
function addsImport({ edits }: Fix): boolean {
  return edits.some(({ text }) => text.startsWith('import {'));
}

/** The same replacement of a name wherever it is unknown. */
function everywhere(all: readonly Diagnostic[], { code, message }: Diagnostic, { title }: Fix): readonly Offer[] {
  if (code !== 'unknown-name') return [];
  const same = all.filter((other) => other.code === code && other.message === message);
  const edits: readonly Edit[] = same.flatMap(({ fixes }) => fixes.find((fix) => fix.title === title)?.edits ?? []);
  if (same.length < 2) return [];
  return [{ title: `${title} everywhere (${same.length})`, kind: 'quickfix', diagnostics: same, edits: () => edits }];
}
