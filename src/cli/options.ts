import { limitsByFlag } from '../limit-table.js';
import { defaultOpset, opsets } from '../ops/opsets.js';
import { targets } from '../ops/targets.js';

/** A command-line option. Parsing, `--help` and docs/cli.md all use this table. */
export interface OptionSpec {
  readonly short?: string;
  /** The name of the value in the help; a flag has none. */
  readonly value?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  /** By command, the only values allowed there, if they are fewer. */
  readonly choicesFor?: Readonly<Record<string, readonly string[]>>;
  /** Values of earlier versions, each with its replacement. */
  readonly retired?: Readonly<Record<string, string>>;
  /** A whole number, from `min` up to and including `max`. */
  readonly integer?: { readonly min: number; readonly max?: number };
  readonly repeatable?: boolean;
  readonly help: string;
}

const table = {
  output: {
    short: 'o',
    value: 'FILE',
    help: 'where to write the model: a file, a folder (with a slash at the end if it is new) or `-` for standard output; missing folders are created; default: the name of the input, ending in .onnx. Each entry of a model with several gets its own file: `m.encode.onnx` for `m.onnx`. For `archc train`, the folder of the run; default runs/NAME. For `archc prune`, the .safetensors file. For `archc types`, a folder. For `archc graph`, a file that ends in .svg, .html or .json; default: the name of the input, ending in .svg',
  },
  model: { value: 'NAME', help: 'which model of the file; required if the file has several' },
  entry: { value: 'NAME', help: 'which entry of a model that has several' },
  train: {
    value: 'NAME',
    help: 'which `train` block; a build then also writes its training graphs, its initial state and a manifest: `m.train.onnx`, `m.eval.onnx`, `m.train.safetensors`, `m.train.json`',
  },
  gradients: {
    help: 'with `--train`, also write the graphs that sum the gradients of batches and apply the sums, `m.grads.onnx` and `m.apply.onnx`, for a program that accumulates gradients itself; with `accumulate`, they are always written',
  },
  emit: {
    value: 'LIST',
    help: 'what to write: onnx, the model files; js, a module that loads them (`m.arch.js`); dts, its types (`m.arch.d.ts`). `--emit onnx,js,dts` writes all three; default onnx. For `archc graph`: svg, html or json, by default what the name of the file says',
  },
  set: {
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'hyperparameters of the model, or fields of its record: `--set D=256,c.heads=8,widths=[8,16]`; of several values for one name, the last wins',
  },
  'set-from': { value: 'FILE', help: 'hyperparameters from a JSON file whose keys are their names; `--set` takes precedence' },
  config: {
    value: 'FILE',
    help: 'hyperparameters from a JSON file, such as the config.json of a checkpoint, by the keys that the model declares: `D = 64 from "hidden_size"`; `--set-from` and `--set` take precedence',
  },
  with: { value: 'NAME', repeatable: true, help: 'an optional input to include in the graph' },
  tap: {
    value: 'PATTERN',
    repeatable: true,
    help: 'inner values to add to the outputs, by the names of layers and variables: `--tap "layers[*].attn"`, `--tap encoder.scores`',
  },
  bind: { value: 'N=1,T=128', repeatable: true, help: 'sizes for the symbolic dims; `step.T=1` for one entry only' },
  dtype: { value: 'TYPE', choices: ['f32', 'f16', 'bf16'], help: 'the float type of the build; default f32' },
  io: {
    value: 'TYPE',
    choices: ['f32'],
    help: 'the float type of inputs and outputs other than states, by default that of the build; in an f16 or bf16 build, f32 makes the graph convert them',
  },
  opset: {
    value: 'N',
    integer: opsets,
    help: `the ONNX opset to write, ${opsets.min} to ${opsets.max}; default ${opsets.min}, and ${defaultOpset('cpu')} for \`--target cpu\``,
  },
  'deny-fallback': {
    help: 'report as errors, not warnings, the nodes that would run on the CPU instead of the device of the target, and those whose kernel there is wrong; needs `--target`, and not portable',
  },
  optimize: {
    short: 'O',
    value: 'LEVEL',
    integer: { min: 0, max: 2 },
    help: 'how much the optimizer may change, as in -O2: 0, only what ONNX needs; 1, anything but weights; 2, weights too, which are computed from others when the file is written. Default 1 for portable files and models that are trained, otherwise 2',
  },
  quantize: {
    value: 'FORMS',
    help: 'store weights in fewer bits, all or by name: `--quantize int4`, `--quantize "int4/128 on layers[*].*, f16 on rest"`. int4 and int8 have a scale for each block of 32 numbers, or of the number after the slash; int8-dynamic computes in 8-bit integers (target cpu); f16; none leaves a weight as it is',
  },
  'print-passes': { help: 'print what each pass of the optimizer changed, and how operators are written' },
  explain: {
    value: 'RULE',
    repeatable: true,
    help: 'print where a rule of the optimizer applied, and where it nearly applied and why it did not; `all` explains every rule',
  },
  target: {
    value: 'NAME',
    choices: targets,
    retired: {
      'webgpu-jsep':
        'archc no longer supports the older WebGPU provider (JSEP); `webgpu` is the native one, which `onnxruntime-web/webgpu` also has',
    },
    help: 'where the model will run; default portable, which runs everywhere',
  },
  seed: {
    value: 'N',
    integer: { min: 0 },
    help: 'seed of the initial weights, of the random inputs of `run`, and of the order and split of the rows in `train`; default 0',
  },
  strict: { help: 'report sizes that cannot be decided at compile time as errors, instead of checking them at run time' },
  weights: {
    value: 'FILE',
    repeatable: true,
    help: 'read the weights from a .safetensors file or its index; `--weights teacher=FILE` reads those of a frozen model of the `train` block',
  },
  'skip-mismatch': {
    help: 'with `--weights`, take from the file what fits by name and shape, and draw the rest, such as a new head, from the seed; a warning lists what was drawn',
  },
  map: { value: 'OLD=NEW', repeatable: true, help: 'rename tensors of the weights files: `--map "model.*=*"`' },
  'copy-weights': { help: 'copy the weights into the external data file instead of referring to the .safetensors file' },
  'external-data': {
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'write the weights to a data file beside the model; default auto: from 20 MB on with `--target cpu` or `cuda`, where ONNX Runtime maps the file into memory, and otherwise from 1 GiB on; weights of less than 1 KiB stay in the model',
  },
  deps: {
    value: 'FILE',
    help: 'also write which files were read, as rules that a Makefile includes: sources, weights, settings and archc.json',
  },
  watch: { short: 'w', help: 'repeat whenever the file or one that it imports changes' },
  check: { help: 'write nothing; fail if a file is not formatted' },
  input: {
    short: 'i',
    value: 'NAME=FILE',
    repeatable: true,
    help: 'read an input from a .npy, .safetensors or .json file; the others are random',
  },
  provider: {
    value: 'NAME',
    choices: ['cpu', 'cuda', 'webgpu'],
    choicesFor: { train: ['cpu', 'webgpu'] },
    help: 'the execution provider of ONNX Runtime; default cpu',
  },
  steps: {
    value: 'N',
    integer: { min: 1 },
    help: 'how many calls to make, each with the states that the call before left; default 1',
  },
  runs: { value: 'N', integer: { min: 1 }, help: 'how many runs to time; default 1, or 20 for `compare`' },
  'save-outputs': {
    value: 'DIR',
    help: 'write each output (of the last step) to DIR/NAME.npy; special characters in names are percent-encoded',
  },
  data: {
    value: 'PATH',
    help: 'what to train on: a .npz, .safetensors, .csv or .jsonl file whose columns have the names of the inputs, a folder of such files, or a folder that has a folder of PNG or JPEG images for each class',
  },
  'val-data': { value: 'PATH', help: 'data to evaluate on after each epoch; default: held-out rows of `--data`' },
  val: { value: 'SHARE', help: 'the share of the rows to hold out for evaluation; 0 for none; default 0.1' },
  columns: {
    value: 'INPUT=COLUMN',
    repeatable: true,
    help: 'the columns for inputs whose names differ: `image=pixels,labels=digit`; to combine several columns into one input, write `a+b+c` or a range, `image=pixel0..pixel783`',
  },
  pad: {
    value: 'INPUT=VALUE',
    repeatable: true,
    help: 'pad the rows of an input with a value to the longest row of the batch: `tokens=0,labels=-100`',
  },
  resize: {
    value: 'SIZE',
    help: 'scale images to cover this size, `224` or `HEIGHTxWIDTH`, and crop the center to the size that the model takes; default: that size',
  },
  mean: {
    value: 'M,M,M',
    help: 'subtract this from each channel of an image, whose values are from 0 to 1; one number applies to all channels',
  },
  std: { value: 'S,S,S', help: 'divide each channel of an image by this' },
  augment: { value: 'flip,crop', help: 'vary the training images: flip mirrors every other one, crop cuts out a random part' },
  epochs: { value: 'N', integer: { min: 1 }, help: 'how many times to go through the data; default 10' },
  'batch-size': { value: 'N', integer: { min: 1 }, help: 'rows in a batch; default 32, or the number that the model takes' },
  lr: { value: 'RATE', help: 'the learning rate; required if the `train` block has `lr = input`, and allowed only then' },
  patience: { value: 'N', integer: { min: 1 }, help: 'stop after this many epochs in which the loss on held-out rows has not fallen' },
  threads: { value: 'N', integer: { min: 1 }, help: 'how many threads compute an operator; the last bits of the results depend on it' },
  resume: {
    value: 'DIR',
    help: 'continue the run in this folder, with its options; `--data`, `--val-data`, `--epochs`, `--patience`, `--lr`, `--provider` and `--threads` may change',
  },
  to: {
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'hyperparameters of the smaller model, written as for `--set`: the channels and heads with the smallest weights are removed until the weights fit the model with these settings',
  },
  sparsity: { value: 'SHARE', help: 'the share of the elements to set to zero, from 0 to 1, starting with the smallest magnitudes' },
  only: {
    value: 'PATTERN',
    repeatable: true,
    help: 'with `--sparsity`, the weights to prune: `--only "layers[*].mlp"`; default: all trained weights with two or more axes',
  },
  scope: {
    value: 'SCOPE',
    choices: ['each', 'global'],
    help: 'with `--sparsity`, whether the share applies to each weight or to all of them together; default each',
  },
  expand: {
    value: 'PATTERN',
    repeatable: true,
    help: 'layers that show what is in them, with the layers around them: `--expand "encoder.layers[*]"`, `--expand encoder.layers[0].self_attn`',
  },
  depth: {
    value: 'N',
    integer: { min: 0 },
    help: 'how many levels of layers show what is in them; default: as many as fit into about 40 boxes',
  },
  json: { help: 'print JSON' },
  stdio: { help: 'talk on standard input and output, which is also the default' },
  format: { value: 'NAME', choices: ['human', 'short', 'json', 'sarif', 'github'], help: 'how to print diagnostics; default human' },
  'max-diagnostics': {
    value: 'N',
    integer: { min: 1 },
    help: 'how many diagnostics to print; default 20 in the formats for people, all in those for programs',
  },
  limit: {
    value: 'NAME=N',
    repeatable: true,
    help: `change a limit: ${[...limitsByFlag.keys()].join(', ')}`,
  },
  fix: { help: 'remove unused code from the files, where that changes neither the model nor a name that other files see' },
  'deny-warnings': { help: 'end with exit code 1 if there are warnings' },
  color: {
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'whether to use colors; default auto: on a terminal, unless NO_COLOR is set',
  },
  quiet: { short: 'q', help: 'print only diagnostics and what was asked for' },
  debug: { help: 'print the stack trace of an internal error' },
  help: { short: 'h', help: 'print this help' },
  version: { short: 'V', help: 'print the version' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof table;

/** Every option of every command. */
export const options: Readonly<Record<OptionName, OptionSpec>> = table;

/** The only values that an option of a command may have; undefined if it may have others. */
export function choicesOf(name: OptionName, command: string): readonly string[] | undefined {
  const { choices, choicesFor } = options[name];
  return choicesFor?.[command] ?? choices;
}

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(table, name);
}
