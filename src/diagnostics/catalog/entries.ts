import { error } from './entry.js';
import { listOf, meant } from './wording.js';

const outside: Readonly<Record<string, string>> = {
  param: 'a parameter',
  buffer: 'a buffer',
  state: 'a state',
  tensor: 'a tensor',
  next: '`next`',
  emit: '`emit`',
  return: '`return`',
  scan: '`scan`',
};

/** Models with several entries. */
export const entriesCatalog = {
  'model-without-signature': error((p: { name: string }) => ({
    message: `the model \`${p.name}\` has neither inputs nor entries`,
    label: 'what goes in?',
    help: `write \`model ${p.name}(...)(x: Tensor[N, C]) -> (y: Tensor[N, C]) { ... }\``,
  })),
  'misplaced-entry': error((p: { name: string }) => ({
    message: `the entry \`${p.name}\` is not at the top of a model without inputs of its own`,
    label: 'an entry here',
    help: 'a model has either one signature or entries; entries cannot be inside `if`, `for` or a layer',
  })),
  'outside-entries': error((p: { what: string }) => ({
    message: `${outside[p.what] ?? p.what} cannot be used beside the entries of a model`,
    label: `${outside[p.what] ?? p.what} outside all entries`,
    help: 'put it into an entry or a layer; beside its entries, a model can only bind layers and use `let`, `assert`, `if` and `for`',
  })),
  'entry-name': error((p: { name: string }) => ({
    message: `the entry \`${p.name}\` has a name that not every system allows in file names`,
    label: 'the name of an entry',
    help: 'use lower-case letters, digits and `_`',
  })),
  'entry-weight': error((p: { name: string; entries: readonly [string, string] }) => ({
    message: `\`${p.entries[0]}\` and \`${p.entries[1]}\` each make a weight \`${p.name}\``,
    label: `\`${p.entries[1]}\` makes it again`,
    help: 'to share the layer, bind it outside the entries (`encoder = Encoder()`); otherwise give it another label',
  })),
  'entry-not-named': error((p: { model: string; entries: readonly string[]; bound: string | undefined }) => ({
    message: `\`${p.model}\` has several entries, and it is not clear which one is meant`,
    label: 'which entry?',
    help:
      `its entries are ${listOf(p.entries)}: ` +
      (p.bound === undefined
        ? `bind the model (\`m = ${p.model}()\`) and write \`m.${p.entries[0]}(...)\``
        : `write \`${p.bound}.${p.entries[0]}(...)\``),
  })),
  'entry-of-unbound': error((p: { model: string; entry: string }) => ({
    message: `\`${p.model}\` must be bound to a name before one of its entries is used`,
    label: 'a model that is not bound',
    help: `its entries share weights: write \`m = ${p.model}(...)\`, and then \`m.${p.entry}(...)\``,
  })),
  'module-method': error((p: { name: string }) => ({
    message: `an entry called \`${p.name}\` cannot be a method of a module`,
    label: 'becomes a method',
    help: `the module has another member \`${p.name}\`: give the entry another name, or write the ONNX files alone`,
  })),
  'module-export': error((p: { name: string }) => ({
    message: `the module would export two things called \`${p.name}\``,
    label: 'a `train` block with the name of its model',
    help: 'give the `train` block another name, or write the ONNX files alone',
  })),
  'unknown-entry': error((p: { model: string; name: string; known: readonly string[]; near: readonly string[] }) => ({
    message: `\`${p.model}\` has no entry \`${p.name}\``,
    label: 'not an entry',
    help: meant(p.near) ?? (p.known.length === 0 ? `\`${p.model}\` has no entries` : `its entries are ${listOf(p.known)}`),
  })),
};
