import { error } from './entry.js';

/** Paths through a body: where they end, and what none of them reaches. */
export const flowCatalog = {
  'unreachable-statement': error(() => ({
    message: 'this line is never reached: the body ends before it',
    label: 'comes after a `return` on every path',
    help: 'remove it, or write it before the `return`',
  })),
  'misplaced-none': error(() => ({
    message: '`none` cannot be used here: a value is required',
    label: 'no value',
    help: '`none` can be a variable, a branch of an `if`, an argument for an optional tensor, and the default of a kind that ends in `?`',
  })),
  'untyped-none': error((p: { name: string }) => ({
    message: `the kind of \`${p.name}\` cannot be inferred from \`none\``,
    label: 'declare its kind, and that it may be missing',
    help: `write the kind, with \`?\`: \`${p.name}: int? = none\``,
  })),
  'misplaced-return': error(() => ({
    message: '`return` can be used only inside a body',
    label: 'this expression is not in a body',
    help: 'write the value without `return`: the value of a block is its last line',
  })),
};
