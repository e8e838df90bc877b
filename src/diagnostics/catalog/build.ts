import { error } from './entry.js';

/** Language features that this version cannot build. */
export const buildCatalog = {
  'unsupported-scan': error((p: { word: 'scan' | 'cond' }) => ({
    message: `\`${p.word}\` cannot be built by this version`,
    label: p.word === 'scan' ? 'a recurrence at run time' : 'a choice at run time',
    help:
      p.word === 'scan'
        ? 'use `lstm`, `gru` or `rnn`, or a `for` over a fixed number of steps'
        : 'compute both and choose with `where(c, a, b)`',
  })),
};
