import { error } from './entry.js';

/** Paths through a body: where they end, and what none of them reaches. */
export const flowCatalog = {
  'unreachable-statement': error(() => ({
    message: 'nothing reaches this line: the body has ended before it',
    label: 'comes after a `return` on every path',
    help: 'remove it, or write it before the `return`',
  })),
  'misplaced-return': error(() => ({
    message: '`return` ends a body, and this expression is in none',
    label: 'there is no body to end',
    help: 'write the value alone: it is the last line of its block',
  })),
};
