import type { Answer } from '../../dims/decide.js';

/** The sizes for which a demand with this answer fails, as text; undefined if there are none to give. */
export function witnessOf(answer: Answer): string | undefined {
  return answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
}

/** `H = 6, W = 3`: sizes for which a demand fails, in name order. */
export function witnessText(witness: ReadonlyMap<string, number>): string {
  return [...witness]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

/** `, for instance when H = 6`: appended to a message about something that fails only for some sizes. */
export function whenText(witness: ReadonlyMap<string, number> | undefined): string {
  return witness === undefined || witness.size === 0 ? '' : `, for instance when ${witnessText(witness)}`;
}
