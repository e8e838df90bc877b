import { initializerArguments } from '../../2-check/layers/initializers.js';
import { builtinNamed } from '../../2-check/modules/names.js';
import { type Callable, needsArguments, type Parameter } from './callable.js';
import { type DocsPlace, plain, prose } from './markdown.js';
import { optimizerCallable, scheduleCallable } from './training.js';

const expressions: DocsPlace = { page: 'language.md', section: 'Expressions' };
const weights: DocsPlace = { page: 'language.md', section: 'Labels and weights' };
const twoTimes: DocsPlace = { page: 'language.md', section: 'Compile time and run time' };

/** The parameters of the functions on compile-time values: `*` takes several. */
const functionParameters: Readonly<Record<string, readonly string[]>> = {
  zip: ['*lists'],
  repeat: ['x', 'n'],
  min: ['*numbers'],
  max: ['*numbers'],
  lowest: ['dtype'],
  highest: ['dtype'],
  len: ['list'],
  enumerate: ['list'],
  reverse: ['list'],
  indices: ['list'],
  last: ['list'],
  sum: ['list'],
};

/** What is built in and can be called: a function on compile-time values, `rearrange`, `tap`, a schedule, an initializer. */
export function builtInCallable(name: string): Callable | undefined {
  const builtin = builtinNamed(name);
  if (builtin !== undefined) {
    const parameters = (functionParameters[name] ?? ['x']).map((text) => simple(text));
    return { name, lists: [parameters], doc: prose(builtin.summary), example: builtin.example, place: expressions };
  }
  if (name === 'rearrange') return rearrange;
  if (name === 'tap') return tap;
  return scheduleCallable(name) ?? optimizerCallable(name);
}

function simple(text: string): Parameter {
  const name = text.replace('*', '');
  const accepts = { kind: name === 'dtype' ? ('dtype' as const) : ('any' as const) };
  return { name, text, isTensor: false, isRequired: true, byPosition: true, isVariadic: name !== text, accepts };
}

const rearrange: Callable = {
  name: 'rearrange',
  lists: [
    [
      { ...simple('x'), isTensor: true, type: 'Tensor', doc: 'any tensor' },
      {
        ...simple('pattern'),
        text: '[axes] => [axes]',
        doc: 'the axes before and after, each name once on each side: `[N, T, heads * d] => [N, heads, T, d]`',
      },
    ],
  ],
  doc: 'Splits, moves and merges axes. A new name is computed by exact division; `1` adds or removes an axis of size 1.',
  example: 'rearrange(x, [N, C, H, W] => [N, H * W, C])',
  place: { page: 'language.md', section: 'Tensors' },
};

const tap: Callable = {
  name: 'tap',
  lists: [
    [
      {
        ...simple('pattern'),
        text: 'pattern: string',
        doc: 'the name of a value inside the model; a pattern for several stacks them',
        accepts: { kind: 'pattern' },
      },
    ],
  ],
  doc: 'Reads a value inside the model, by its labels and its name.',
  example: 'tap("layers[*].balance")',
  place: { page: 'language.md', section: 'What a block computes' },
};

const initializerDocs: Readonly<Record<string, string>> = {
  zeros: 'All elements are 0.',
  ones: 'All elements are 1.',
  constant: 'All elements are `value`.',
  uniform: 'Uniform in `[low, high)`; with one number `b`, in `[-b, b)`.',
  normal: 'Normal with this mean and standard deviation.',
  trunc_normal: 'Normal, drawn again outside `low` to `high`.',
  kaiming_uniform: 'Uniform, scaled by the number of inputs (He et al. 2015).',
  kaiming_normal: 'Normal, scaled by the number of inputs (He et al. 2015).',
  xavier_uniform: 'Uniform, scaled by the numbers of inputs and outputs (Glorot and Bengio 2010).',
  xavier_normal: 'Normal, scaled by the numbers of inputs and outputs (Glorot and Bengio 2010).',
  orthogonal: 'A random orthogonal matrix, times `gain`.',
  empty: 'No elements yet: a state that grows along the sizes that only states have.',
};

const initializerDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  normal: { mean: '0', std: '1' },
  trunc_normal: { mean: '0', std: '1', low: '-2', high: '2' },
  kaiming_uniform: { a: '0', mode: '"fan_in"', nonlinearity: '"leaky_relu"' },
  kaiming_normal: { a: '0', mode: '"fan_in"', nonlinearity: '"leaky_relu"' },
  xavier_uniform: { gain: '1' },
  xavier_normal: { gain: '1' },
  orthogonal: { gain: '1' },
};

const initializerChoices: Readonly<Record<string, readonly string[]>> = {
  mode: ['fan_in', 'fan_out'],
  nonlinearity: ['leaky_relu', 'relu', 'tanh', 'sigmoid', 'linear', 'selu'],
};

/** The initial value of a parameter: `kaiming_uniform(a = 0)`. */
export function initializerCallable(name: string): Callable | undefined {
  const args = initializerArguments.get(name);
  if (args === undefined) return undefined;
  const parameters = args.map((arg): Parameter => {
    const fallback = initializerDefaults[name]?.[arg];
    const choices = initializerChoices[arg];
    const isOptional = fallback !== undefined || (name === 'uniform' && arg === 'high');
    return {
      name: arg,
      text: fallback === undefined ? (isOptional ? `${arg}?` : arg) : `${arg} = ${fallback}`,
      isTensor: false,
      isRequired: !isOptional,
      byPosition: true,
      isVariadic: false,
      fallback,
      accepts: choices === undefined ? { kind: 'float' } : { kind: 'string', choices },
    };
  });
  return { name, lists: parameters.length === 0 ? [] : [parameters], doc: prose(initializerDocs[name] ?? ''), place: weights };
}

export function initializerDoc(name: string): string | undefined {
  return initializerDocs[name];
}

/** Whether an initializer can be written without a list. */
export function isBareInitializer(name: string): boolean {
  const callable = initializerCallable(name);
  return callable === undefined || !needsArguments(callable);
}

/** A name that is built in and is not called. */
export interface BuiltInConstant {
  readonly type: string;
  /** Markdown. */
  readonly doc: string;
  readonly place: DocsPlace;
}

const constants: Readonly<Record<string, BuiltInConstant>> = {
  pi: { type: 'float', doc: 'The circumference of a circle divided by its diameter, 3.14159...', place: twoTimes },
  inf: { type: 'float', doc: 'Infinity, which every float type has.', place: twoTimes },
  float_type: { type: 'dtype', doc: "The build's float type: that of `Tensor[...]`.", place: twoTimes },
  training: {
    type: 'bool',
    doc: 'True in the graph of a `train` block, and false in a model that is built for inference.',
    place: twoTimes,
  },
  onnx: {
    type: 'operators',
    doc: 'ONNX operators by their names: `onnx.HardSwish(x)`.',
    place: { page: 'language.md', section: 'Tensors' },
  },
  T: { type: 'Tensor', doc: 'The tensor with its last two axes swapped.', place: { page: 'language.md', section: 'Tensors' } },
  input: {
    type: 'float',
    doc: 'The learning rate is an input, which the program gives at each step.',
    place: { page: 'language.md', section: 'Optimizers' },
  },
  model: {
    type: 'model',
    doc: 'The model that is trained: `model(image)` is another use of its weights.',
    place: { page: 'language.md', section: 'What a block computes' },
  },
};

const elementTypes: Readonly<Record<string, string>> = {
  f16: 'Floats of 16 bits.',
  bf16: 'Floats of 16 bits with the range of `f32` and less precision.',
  f32: 'Floats of 32 bits, the default.',
  f64: 'Floats of 64 bits.',
  i8: 'Integers of 8 bits.',
  i16: 'Integers of 16 bits.',
  i32: 'Integers of 32 bits.',
  i64: 'Integers of 64 bits, the type of indices.',
  u8: 'Integers of 8 bits without a sign.',
  u16: 'Integers of 16 bits without a sign.',
  u32: 'Integers of 32 bits without a sign.',
  u64: 'Integers of 64 bits without a sign.',
  bool: 'True or false.',
  string: 'Text.',
};

const kinds: Readonly<Record<string, string>> = {
  int: 'A hyperparameter that is an integer.',
  float: 'A hyperparameter that is a number.',
  bool: 'A hyperparameter that is `true` or `false`.',
  string: 'A hyperparameter that is a string.',
  dtype: 'A hyperparameter that is an element type.',
  fn: 'A hyperparameter that is a function or a layer, such as an activation.',
  layer: 'A hyperparameter that is a layer or a function.',
  list: 'A hyperparameter that is a list.',
  tuple: 'A hyperparameter that is a tuple or a list.',
  ints: 'A hyperparameter that is an integer or a list of integers.',
  any: 'A hyperparameter of any kind.',
};

/** `pi`, `f16`, `.T`: what a name is that is built in and not called. */
export function builtInConstant(name: string): BuiltInConstant | undefined {
  if (Object.hasOwn(constants, name)) return constants[name];
  const doc = Object.hasOwn(elementTypes, name) ? elementTypes[name] : undefined;
  return doc === undefined ? undefined : { type: 'dtype', doc, place: { page: 'language.md', section: 'Tensor types' } };
}

/** What a kind of hyperparameter accepts. */
export function kindDoc(name: string): string {
  return kinds[name] ?? plain(name);
}

/** The names of the kinds of hyperparameters. */
export function kindNames(): readonly string[] {
  return Object.keys(kinds);
}
