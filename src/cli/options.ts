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
    help: 'where the model goes, a file or a folder (ending in a slash if it is new); folders that do not exist are made; `-` is standard output; default: the input with the ending .onnx. Of a model with several entries, each gets a file: `m.encode.onnx` for `m.onnx`. Of `archc train`, the folder of the run; default runs/NAME. Of `archc prune`, the .safetensors file',
  },
  model: { value: 'NAME', help: 'which model of the file; needed where the file has several' },
  entry: { value: 'NAME', help: 'which entry of a model with several' },
  train: {
    value: 'NAME',
    help: 'which `train` block; a build also writes its training graphs, its initial state and a manifest: `m.train.onnx`, `m.eval.onnx`, `m.train.safetensors`, `m.train.json`',
  },
  gradients: {
    help: 'with `--train`, also write the graphs that sum the gradients of batches and apply the sums, `m.grads.onnx` and `m.apply.onnx`, for a loop that does this itself; `accumulate` makes them in any case',
  },
  emit: {
    value: 'LIST',
    help: 'what is written: onnx, the model files; js, a module that loads them (`m.arch.js`); dts, its types (`m.arch.d.ts`). `--emit onnx,js,dts` writes all; default onnx',
  },
  set: {
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'hyperparameters of the model, or fields of its record: `--set D=256,c.heads=8,widths=[8,16]`; the last one wins',
  },
  'set-from': { value: 'FILE', help: 'hyperparameters from a JSON file whose keys are their names; `--set` wins over it' },
  config: {
    value: 'FILE',
    help: 'hyperparameters from a JSON file, such as the config.json of a checkpoint, by the keys that they ask for: `D = 64 from "hidden_size"`; `--set-from` and `--set` win over it',
  },
  with: { value: 'NAME', repeatable: true, help: 'an optional input that the graph must have' },
  tap: {
    value: 'PATTERN',
    repeatable: true,
    help: 'inner values that are outputs, too, by the names of layers and variables: `--tap "layers[*].attn"`, `--tap encoder.scores`',
  },
  bind: { value: 'N=1,T=128', repeatable: true, help: 'sizes for the symbolic dims; `step.T=1` for one entry only' },
  dtype: { value: 'TYPE', choices: ['f32', 'f16', 'bf16'], help: 'the float type of the build; default f32' },
  io: {
    value: 'TYPE',
    choices: ['f32'],
    help: 'the float type of inputs and outputs other than states, converted inside: f32 in an f16 or bf16 build; default that of the build',
  },
  opset: {
    value: 'N',
    integer: opsets,
    help: `the ONNX opset to write, ${opsets.min} to ${opsets.max}; default ${opsets.min}, and ${defaultOpset('cpu')} for \`--target cpu\``,
  },
  'deny-fallback': {
    help: 'it is an error if a node would leave the device of the target for the CPU, or is computed wrong there; without this, a warning',
  },
  optimize: {
    short: 'O',
    value: 'LEVEL',
    integer: { min: 0, max: 2 },
    help: 'how much of the graph may change, as in -O2: 0, nothing beyond what ONNX needs; 1, nothing that changes a weight; 2, weights may be computed from others when the file is written. Default 1 for portable files and where the model is trained, otherwise 2',
  },
  quantize: {
    value: 'FORMS',
    help: 'store weights in fewer bits, all or by name: `--quantize int4`, `--quantize "int4/128 on layers[*].*, f16 on rest"`. int4 and int8 have a scale for each block of 32 numbers, or as many as the slash says; int8-dynamic computes in 8-bit integers (target cpu); f16; none',
  },
  'print-passes': { help: 'say what each pass of the optimizer changed, and how operators are written' },
  explain: {
    value: 'RULE',
    repeatable: true,
    help: 'say where a rule of the optimizer applied, and where it nearly did and why not; `all` explains each',
  },
  target: {
    value: 'NAME',
    choices: targets,
    retired: {
      'webgpu-jsep': 'the older WebGPU kernels of ONNX Runtime are gone; `webgpu` is the native provider, also of `onnxruntime-web/webgpu`',
    },
    help: 'what the graph is lowered for; default portable: what runs everywhere',
  },
  seed: {
    value: 'N',
    integer: { min: 0 },
    help: 'seed of the initial weights (and of the random inputs of `run`, of the order and the split of the rows in `train`); default 0',
  },
  strict: { help: 'sizes that cannot be decided are errors, not run-time checks' },
  weights: {
    value: 'FILE',
    repeatable: true,
    help: 'read the weights from a .safetensors file or its index; those of a frozen model of the `train` block from a file of its own: `--weights teacher=FILE`',
  },
  'skip-mismatch': {
    help: 'with `--weights`, take from the file what fits by name and shape, and draw the rest from the seed, such as a new head; a warning lists it',
  },
  map: { value: 'OLD=NEW', repeatable: true, help: 'rename tensors of the weights files: `--map "model.*=*"`' },
  'copy-weights': { help: 'copy the weights into the external data file instead of referring to the .safetensors file in place' },
  'external-data': {
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'put weights beside the model instead of into it; default auto: from 20 MB on with `--target cpu` or `cuda`, whose runtime maps them, and else from 1 GiB on',
  },
  watch: { short: 'w', help: 'build again whenever the file or one that it imports changes' },
  check: { help: 'write nothing; fail if a file is not formatted' },
  input: {
    short: 'i',
    value: 'NAME=FILE',
    repeatable: true,
    help: 'an input from a .npy, .safetensors or .json file; the others are random',
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
    help: 'how many calls, where each takes the states as the call before left them; default 1',
  },
  runs: { value: 'N', integer: { min: 1 }, help: 'how often to run, for the latency; default 1, or 20 for `compare`' },
  'save-outputs': {
    value: 'DIR',
    help: 'write each output (of the last step) as DIR/NAME.npy; special characters of a name are percent-encoded',
  },
  data: {
    value: 'PATH',
    help: 'what to train on: a .npz, .safetensors, .csv or .jsonl file whose columns have the names of the inputs, a folder of such files, or a folder with a folder of PNG or JPEG images for each class',
  },
  'val-data': { value: 'PATH', help: 'data to evaluate on after each epoch; default: a part of `--data`' },
  val: { value: 'SHARE', help: 'the share of the rows that is held out to evaluate on; 0 for none; default 0.1' },
  columns: {
    value: 'INPUT=COLUMN',
    repeatable: true,
    help: 'the columns of inputs that have other names: `image=pixels,labels=digit`; several make one input as `a+b+c`, or as a range: `image=pixel0..pixel783`',
  },
  pad: {
    value: 'INPUT=VALUE',
    repeatable: true,
    help: 'fill up shorter rows of an input with a value, to the longest of the batch: `tokens=0,labels=-100`',
  },
  resize: {
    value: 'SIZE',
    help: 'scale images to cover this size, `224` or `HEIGHTxWIDTH`, and cut out the center that the model takes; default: the size that it takes',
  },
  mean: { value: 'M,M,M', help: 'subtract this from each channel of an image, which is from 0 to 1; one number is for all channels' },
  std: { value: 'S,S,S', help: 'divide each channel of an image by this' },
  augment: { value: 'flip,crop', help: 'vary the images that are trained: mirror every other one, cut out a random part' },
  epochs: { value: 'N', integer: { min: 1 }, help: 'how often to go through the data; default 10' },
  'batch-size': { value: 'N', integer: { min: 1 }, help: 'rows in a batch; default 32, or what the model takes' },
  lr: { value: 'RATE', help: 'the learning rate; needed where the `train` block has `lr = input`, and only there' },
  patience: { value: 'N', integer: { min: 1 }, help: 'stop after so many epochs in which the loss on held-out rows has not fallen' },
  threads: { value: 'N', integer: { min: 1 }, help: 'how many threads compute one operator; results depend on it in their last bits' },
  resume: {
    value: 'DIR',
    help: 'go on with the run in this folder, with its options; `--data`, `--val-data`, `--epochs`, `--patience`, `--lr`, `--provider` and `--threads` may change',
  },
  to: {
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'hyperparameters of the smaller model, in the form of `--set`: the least channels and heads go, and the file has the weights of the model with these settings',
  },
  sparsity: { value: 'SHARE', help: 'the share of the elements that become zero, from 0 to 1: those with the smallest magnitudes' },
  only: {
    value: 'PATTERN',
    repeatable: true,
    help: 'with `--sparsity`, the weights that get zeros: `--only "layers[*].mlp"`; default: all trained weights with two or more axes',
  },
  scope: {
    value: 'SCOPE',
    choices: ['each', 'global'],
    help: 'with `--sparsity`, whether it is the share of each weight or of all together; default each',
  },
  json: { help: 'print JSON' },
  format: { value: 'NAME', choices: ['human', 'short', 'json', 'sarif', 'github'], help: 'how diagnostics are printed; default human' },
  'max-diagnostics': { value: 'N', integer: { min: 1 }, help: 'how many diagnostics are printed; default 20 for people, all for programs' },
  limit: {
    value: 'NAME=N',
    repeatable: true,
    help: `another limit than the default: ${[...limitsByFlag.keys()].join(', ')}`,
  },
  fix: { help: 'change the files where that changes neither the model nor a name that others see: take out what is not used' },
  'deny-warnings': { help: 'warnings fail the command' },
  color: { value: 'WHEN', choices: ['auto', 'always', 'never'], help: 'colours; default auto: on a terminal, unless NO_COLOR is set' },
  quiet: { short: 'q', help: 'print nothing but diagnostics and what was asked for' },
  debug: { help: 'print the stack of an internal error' },
  help: { short: 'h', help: 'print this' },
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
