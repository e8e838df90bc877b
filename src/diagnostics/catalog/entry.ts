import type { Severity } from '../record.js';

/**
 * The text of one diagnostic. `message` is one short sentence without a period that starts in lower case; `label` is shown under the marked
 * code and says what was found there; `help` says what to write instead.
 */
export interface Wording {
  readonly message: string;
  readonly label?: string | undefined;
  readonly help?: string | undefined;
}

export interface Entry<P> {
  readonly severity: Severity;
  readonly say: (params: P) => Wording;
}

export function error<P = Record<never, never>>(say: (params: P) => Wording): Entry<P> {
  return { severity: 'error', say };
}

export function warning<P = Record<never, never>>(say: (params: P) => Wording): Entry<P> {
  return { severity: 'warning', say };
}

/** `, for instance when H = 6`. */
export function example(witness: string | undefined): string {
  return witness === undefined || witness === '' ? '' : `, for instance when ${witness}`;
}
