import { error } from './entry.js';

/** Language features that this version cannot build. */
export const buildCatalog = {
  'unsupported-entry': error((p: { name: string }) => ({
    message: `\`${p.name}\` has entries, and models with several entries cannot be built by this version`,
    label: 'an entry',
    help: 'write one model for each entry, and give them the same labels so that they share a weights file',
  })),
  'unsupported-state': error((p: { name: string }) => ({
    message: `\`${p.name}\` is carried from call to call, and state cannot be built by this version`,
    label: 'a state',
    help: 'make it an input and an output of the model',
  })),
  'unsupported-scan': error((p: { word: 'scan' | 'cond' }) => ({
    message: `\`${p.word}\` cannot be built by this version`,
    label: p.word === 'scan' ? 'a recurrence at run time' : 'a choice at run time',
    help:
      p.word === 'scan'
        ? 'use `lstm`, `gru` or `rnn`, or a `for` over a fixed number of steps'
        : 'compute both and choose with `where(c, a, b)`',
  })),
  'model-without-signature': error((p: { name: string }) => ({
    message: `the model \`${p.name}\` has neither inputs nor entries`,
    label: 'what goes in?',
    help: `write \`model ${p.name}(...)(x: Tensor[N, C]) -> (y: Tensor[N, C]) { ... }\``,
  })),
};
