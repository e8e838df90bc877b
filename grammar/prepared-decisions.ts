import type { PreparedDecisions } from './decisions.js';

/** The decisions of the parser. `scripts/build.mjs` puts them here for `dist/`; the sources have none, so that the grammar is analysed when the parser is made. */
export const preparedDecisions: PreparedDecisions | undefined = undefined as PreparedDecisions | undefined;
