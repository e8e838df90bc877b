import { error } from './entry.js';

/** Records: the `config` that declares them, and how they are made. */
export const recordsCatalog = {
  'field-kind': error((p: { name: string; isTensor: boolean }) => ({
    message: p.isTensor ? `the field \`${p.name}\` cannot be a tensor` : `the field \`${p.name}\` has neither a kind nor a default`,
    label: p.isTensor ? 'a tensor type' : 'of what kind?',
    help: p.isTensor
      ? 'a record holds compile-time values: write a kind such as `int`, and make the tensor an input of the layer'
      : `write a kind, \`${p.name}: int\`, or a default, \`${p.name} = 64\``,
  })),
  'recursive-config': error((p: { circle: readonly string[] }) => ({
    message: `\`${p.circle[0] ?? ''}\` contains itself: ${p.circle.join(' -> ')}`,
    label: 'refers back to it',
    help: 'the record would be infinite: leave this field out, or allow `none` with a kind that ends in `?`',
  })),
  'positional-field': error((p: { callee: string; known: readonly string[] }) => ({
    message: `the fields of \`${p.callee}\` are given by name`,
    label: 'a value without a name',
    help:
      p.known[0] === undefined
        ? `\`${p.callee}\` has no fields`
        : `write \`${p.callee}(${p.known[0]} = ...)\`, or \`${p.callee}(*c, ${p.known[0]} = ...)\` for a copy of \`c\` with changes`,
  })),
  'spread-argument': error((p: { callee: string; record: string | undefined; got: string; late: boolean }) => {
    if (p.record === undefined)
      return {
        message: `\`*\` copies a record into a new one, but ${p.callee} takes its arguments one by one`,
        label: 'cannot be copied here',
        help: 'write the arguments one by one',
      };
    return {
      message: p.late
        ? 'the record to copy must be the first argument, and there can be only one'
        : `only a record \`${p.record}\` can be copied here, not ${p.got}`,
      label: p.late ? 'too late' : p.got,
      help: `write \`${p.record}(*c, name = ...)\`, where \`c\` is a record \`${p.record}\``,
    };
  }),
  'misplaced-from': error((p: { name: string; of: 'layer' | 'fn' | 'model' | 'tensor' }) => ({
    message: `a configuration file cannot give ${p.of === 'tensor' ? `the tensor \`${p.name}\`` : `\`${p.name}\` of a ${p.of === 'fn' ? 'function' : p.of}`}`,
    label: 'this key has no effect',
    help: '`from` can follow a field of a `config` or a hyperparameter of a `model`',
  })),
};
