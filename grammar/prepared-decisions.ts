import type { PreparedDecisions } from './decisions.js';

/**
 * The decisions of the parser. `scripts/build.mjs` inserts them here for `dist/`; the sources have none, so the grammar is analyzed when
 * the parser is made.
 */
export const preparedDecisions: PreparedDecisions | undefined = undefined as PreparedDecisions | undefined;
