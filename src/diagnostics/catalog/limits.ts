import { error, warning } from './entry.js';

/** What is refused because of its size, before memory is allocated for it. */
export const limitsCatalog = {
  'source-too-large': error<{ size: number; limit: number }>(({ size, limit }) => ({
    message: `the file has ${size} characters; the limit is ${limit}`,
    label: 'not read',
    help: 'split the file and import its parts',
  })),
  'too-many-tokens': error<{ limit: number }>(({ limit }) => ({
    message: `the file has more than ${limit} words and symbols`,
    label: 'not read',
    help: 'split the file and import its parts',
  })),
  'nesting-too-deep': error<{ limit: number; what: 'brackets' | 'conditions' }>(({ limit, what }) => ({
    message: `${what} are nested more than ${limit} deep`,
    label: 'one level too many',
    help: 'give the inner parts names of their own',
  })),
  'expression-too-long': error<{ limit: number }>(({ limit }) => ({
    message: `this expression chains more than ${limit} operators`,
    label: 'too long',
    help: 'give its parts names, or use a `for`',
  })),
  'name-too-long': error<{ length: number; limit: number }>(({ length, limit }) => ({
    message: `this name has ${length} characters; the limit is ${limit}`,
    label: 'too long',
  })),
  'too-many-syntax-errors': error<{ limit: number }>(({ limit }) => ({
    message: `there are more than ${limit} syntax errors; the rest are not shown`,
    label: 'the first that is not shown',
  })),
  'onnx-too-large': error<{ size: number; limit: number }>(({ size, limit }) => ({
    message: `the ONNX file would have ${size} bytes; no reader accepts more than ${limit}`,
    help: 'put the weights beside the model with `--external-data always`',
  })),
  'constant-too-large': error<{ name: string; size: number; limit: number }>(({ name, size, limit }) => ({
    message: `the constant \`${name}\` would have ${size} bytes inside the model; the limit is ${limit}`,
    help: 'make it a `buffer` or compute it in the graph',
  })),
  'onnx-name-too-long': error<{ name: string; length: number; limit: number }>(({ name, length, limit }) => ({
    message: `the name \`${name}\` has ${length} characters in the ONNX file; the limit is ${limit}`,
    help: 'give the layers on its path shorter names',
  })),
  'import-depth': error<{ limit: number }>(({ limit }) => ({
    message: `imports are nested more than ${limit} deep`,
    label: 'one level too many',
    help: 'import the innermost files directly',
  })),
  'too-many-files': error<{ limit: number }>(({ limit }) => ({
    message: `a build reads at most ${limit} files`,
    label: 'one too many',
    help: 'put declarations that belong together into one file',
  })),
  'too-many-iterations': error<{ limit: number }>(({ limit }) => ({
    message: `the loops of a build run at most ${limit} times in all`,
    label: 'beyond the limit',
    help: 'loops are unrolled at compile time: repeat fewer times, or move the repetition into one operator',
  })),
  'value-too-large': error<{ what: string; limit: number; unit: string }>(({ what, limit, unit }) => ({
    message: `${what} has more than ${limit} ${unit}`,
    label: 'too large',
    help: 'a value that grows in a loop can double each time',
  })),
  'instantiation-depth': error<{ limit: number; name: string }>(({ limit, name }) => ({
    message: `layers are nested more than ${limit} deep at \`${name}\``,
    label: 'one level too many',
    help: 'use fewer layers inside layers',
  })),
  'control-flow-depth': error<{ limit: number }>(({ limit }) => ({
    message: `\`cond\` and \`scan\` are nested more than ${limit} deep`,
    label: 'one level too many',
    help: 'choose between fewer things at a time; a `scan` whose length may be 0 counts twice',
  })),
  'too-many-instantiations': error<{ limit: number }>(({ limit }) => ({
    message: `a build types at most ${limit} different uses of layers`,
    label: 'one too many',
    help: 'uses with equal hyperparameters and argument types count once',
  })),
  'too-many-nodes': error<{ limit: number }>(({ limit }) => ({
    message: `the graph has more than ${limit} operators`,
    label: 'the first beyond the limit',
    help: 'build a smaller model',
  })),
  'too-many-steps': error<{ limit: number }>(({ limit }) => ({
    message: `unfolding the layers of this model takes more than ${limit} steps`,
    label: 'the first beyond the limit',
    help: 'if each layer uses the next one twice, their number doubles with every level: use it once',
  })),
  'too-many-parameters': error<{ limit: number }>(({ limit }) => ({
    message: `the model has more than ${limit} parameters and buffers`,
    label: 'the first beyond the limit',
    help: 'store equal parameters of many layers as one tensor with another axis',
  })),
  'parameter-too-large': error<{ name: string; shape: string; limit: number }>(({ name, shape, limit }) => ({
    message: `the parameter \`${name}\` of shape ${shape} has more than ${limit} elements`,
    label: 'too large',
    help: 'correct the size, or split the parameter',
  })),
  'tensor-too-large': error<{ shape: string; limit: number }>(({ shape, limit }) => ({
    message: `a tensor of shape ${shape} has more than ${limit} elements`,
    label: 'made here',
    help: 'no machine can hold this tensor: correct the size',
  })),
  'many-nodes': warning<{ count: number; limit: number }>(({ count, limit }) => ({
    message: `the graph has ${count} operators; from ${limit} on ONNX Runtime takes seconds to load it`,
    label: 'built here',
    help: 'loops are unrolled at compile time: repeat fewer times, or move the repetition into one operator',
  })),
  'too-many-items': error<{ limit: number }>(({ limit }) => ({
    message: `the lists of a build have more than ${limit} items in total`,
    label: 'beyond the limit',
    help: 'make a list once, before the loop that uses it',
  })),
  'initial-value-too-large': error<{ name: string; count: number; limit: number }>(({ name, count, limit }) => ({
    message: `the initial value of \`${name}\` is computed from ${count} elements; the limit is ${limit}`,
    label: 'too large to compute',
    help: 'read it from a weights file, or compute it in the body from smaller tensors',
  })),
  'too-many-facts': error<{ limit: number }>(({ limit }) => ({
    message: `more than ${limit} facts hold here`,
    label: 'the first beyond the limit',
    help: 'leave out facts that follow from others',
  })),
  'evaluation-depth': error<{ limit: number }>(({ limit }) => ({
    message: `expressions, blocks and what they use are nested more than ${limit} deep`,
    label: 'one level too many',
    help: 'give the parts of long expressions names of their own, in the order in which they are needed',
  })),
  'too-many-diagnostics': error<{ limit: number }>(({ limit }) => ({
    message: `there are more than ${limit} mistakes in this file; the rest are not shown`,
    label: 'the first that is not shown',
  })),
  'dim-overflow': error<{ message: string }>(({ message }) => ({
    message,
    label: 'in this expression',
    help: 'sizes are exact up to 2^53 - 1',
  })),
  'dim-too-large': error<{ message: string }>(({ message }) => ({
    message,
    label: 'in this expression',
    help: 'name the size as an input dimension of its own',
  })),
};
