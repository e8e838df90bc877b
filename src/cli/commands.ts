import type { CommandInput } from './command.js';
import type { OptionName } from './options.js';

/** A command of `archc`: how it is called and what it does. Its code is loaded when it runs. */
export interface CommandSpec {
  readonly usage: readonly string[];
  readonly summary: string;
  /** More than the summary, for `--help` and the docs. */
  readonly details: string;
  readonly options: readonly OptionName[];
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly load: () => Promise<(input: CommandInput) => Promise<number> | number>;
}

const reporting: readonly OptionName[] = ['format', 'max-diagnostics', 'deny-warnings'];
const general: readonly OptionName[] = ['color', 'quiet', 'debug', 'help'];
const instantiation: readonly OptionName[] = ['model', 'config', 'set-from', 'set', 'with', 'dtype', 'strict', 'limit'];

/** Options that say what a graph is lowered for, and how. */
const lowering: readonly OptionName[] = ['opset', 'target', 'optimize', 'quantize'];
const weights: readonly OptionName[] = ['seed', 'weights', 'map', 'skip-mismatch'];

const table = {
  build: {
    usage: ['archc MODEL.arch [-o MODEL.onnx]', 'archc build MODEL.arch [-o MODEL.onnx]', 'archc build [NAME...]'],
    summary: 'compile a model to ONNX (the default command)',
    details:
      'Checks the file, proves its shapes and writes an ONNX model, with weights drawn from the seed or read from a .safetensors file. The new file replaces the old one only when it is complete. Without a file, builds everything in the nearest archc.json, or only the builds named here; options on the command line take precedence over archc.json.',
    options: [
      'output',
      ...instantiation,
      'entry',
      'train',
      'gradients',
      'emit',
      'tap',
      'bind',
      'io',
      ...lowering,
      'deny-fallback',
      'print-passes',
      'explain',
      ...weights,
      'copy-weights',
      'external-data',
      'deps',
      'watch',
      ...reporting,
      ...general,
    ],
    examples: [
      ['archc lenet.arch -o lenet.onnx', 'compile'],
      ['archc build', 'all builds of archc.json'],
      ['archc build web --dtype f16', 'one of them, with a different option'],
      ['archc gpt.arch --set D=768 --weights gpt2.safetensors', 'with a hyperparameter and trained weights'],
      ['archc whisper.arch -o models/', 'one file for each entry, and one for their weights'],
      ['archc small.arch --train Distill --weights teacher=large.safetensors', 'with the weights of a frozen teacher'],
      ['archc lenet.arch --train Finetune --emit onnx,js,dts -o out/', 'with a module for JavaScript and TypeScript programs'],
      ['archc lenet.arch -o out/lenet.onnx --deps out/lenet.d', 'with the rules of a Makefile: `include out/lenet.d`'],
      ['cat lenet.arch | archc - -o - > lenet.onnx', 'from standard input to standard output'],
    ],
    load: async () => (await import('./commands/compiling.js')).build,
  },
  check: {
    usage: ['archc check MODEL.arch...', 'archc check [NAME...]'],
    summary: 'check files without building',
    details:
      'Reports every mistake in the files and their imports, and everything that a build would report before it writes. Checks all models of a file, each with its defaults, for `--target` and `--opset`. A build of archc.json is checked with all its settings, and its weights are compared with the parameters; without a file or name, all builds are. What `--quantize` and `--explain` say about a file, `archc build` prints.',
    options: [...instantiation, 'bind', 'io', 'opset', 'target', 'deny-fallback', 'optimize', 'fix', 'watch', ...reporting, ...general],
    examples: [
      ['archc check model.arch', 'a report for people'],
      ['archc check --fix model.arch', 'remove unused code'],
      ['archc check --format sarif model.arch > archc.sarif', 'a report for code scanning'],
    ],
    load: async () => (await import('./commands/compiling.js')).checkFiles,
  },
  fmt: {
    usage: ['archc fmt FILE.arch...'],
    summary: 'format files in place',
    details: 'Files with syntax errors are left as they are. `-` formats standard input to standard output.',
    options: ['check', 'limit', ...reporting, ...general],
    examples: [
      ['archc fmt *.arch', 'format'],
      ['archc fmt --check *.arch', 'only list the files that are not formatted'],
    ],
    load: async () => (await import('./commands/fmt.js')).formatFiles,
  },
  run: {
    usage: ['archc run MODEL.arch', 'archc run NAME', 'archc run MODEL.onnx'],
    summary: 'run a model on ONNX Runtime',
    details:
      'Compiles a model or a build of archc.json (or takes an ONNX file), runs it on the given inputs, its initial states and random tensors for the other inputs, and prints the outputs and the latency. Needs the package onnxruntime-node beside archc.',
    options: [
      'input',
      'bind',
      'provider',
      'steps',
      'runs',
      'save-outputs',
      'entry',
      ...instantiation,
      'tap',
      'io',
      ...lowering,
      ...weights,
      ...reporting,
      ...general,
    ],
    examples: [
      ['archc run lenet.arch --bind N=2', 'random inputs'],
      ['archc run gpt.arch --input ids=ids.npy --runs 20', 'an input from a file, 20 runs'],
      ['archc run llama.arch --steps 4', 'four calls, each with the cache that the call before left'],
      ['archc run gpt.arch --tap "layers[*].attn" --save-outputs out', 'also the results of inner layers'],
    ],
    load: async () => (await import('./commands/run.js')).run,
  },
  compare: {
    usage: ['archc compare MODEL.arch --quantize FORMS', 'archc compare NAME'],
    summary: 'measure the size, error and time of quantized weights',
    details:
      'Builds the model with and without `--quantize`, runs both alternately on the given inputs and random tensors for the others, and prints the size of the weights in each form, the error of each output, and the time of a call on the device of the target, if this machine has it. A number that becomes NaN or infinite only in the quantized model is an error. The errors of random weights say little about those of trained ones, so give `--weights`. Needs the package onnxruntime-node beside archc.',
    options: [
      'input',
      'bind',
      'provider',
      'runs',
      'entry',
      ...instantiation,
      'tap',
      'io',
      ...lowering,
      ...weights,
      ...reporting,
      ...general,
    ],
    examples: [
      ['archc compare gpt.arch --quantize int4 --target cpu --weights gpt.safetensors --bind N=1,T=1', 'is int4 good enough, and faster?'],
      ['archc compare gpt.arch --quantize "int4 on layers[*].*, int8 on rest" --target cpu --input ids=ids.npy', 'on your own ids'],
    ],
    load: async () => (await import('./commands/compare.js')).compare,
  },
  train: {
    usage: ['archc train MODEL.arch --data PATH [--lr RATE] [-o DIR]', 'archc train NAME --data PATH ...', 'archc train --resume DIR'],
    summary: 'train a model on data in files',
    details:
      'Builds a `train` block of a file, or of a build of archc.json, and trains it, with seeded batches and an evaluation on held-out rows after each epoch. Writes the model with the lowest loss on those rows as best.onnx, checkpoints, a log, and the curves of loss and metrics as curve.csv and curve.svg. The report goes to standard output; progress and errors go to standard error. Ctrl-C ends the run with a checkpoint (exit code 130), and `--resume` continues as if it had not stopped. Needs the package onnxruntime-node beside archc.',
    options: [
      'data',
      'val-data',
      'val',
      'columns',
      'pad',
      'resize',
      'mean',
      'std',
      'augment',
      'train',
      'epochs',
      'batch-size',
      'lr',
      'patience',
      'seed',
      'output',
      'resume',
      'provider',
      'threads',
      ...instantiation,
      'bind',
      'io',
      'opset',
      'target',
      'weights',
      'map',
      'skip-mismatch',
      ...reporting,
      ...general,
    ],
    examples: [
      ['archc train cnn.arch --data digits --lr 0.001', 'a folder of images for each class'],
      ['archc train cnn.arch --data digits.npz --columns image=pixels,labels=digit --lr 0.001', 'arrays with other names'],
      ['archc train gpt.arch --data text.jsonl --pad ids=0,labels=-100 --epochs 3 --patience 2', 'rows of different lengths'],
      ['archc train --resume runs/Finetune --epochs 20', 'continue a run'],
    ],
    load: async () => (await import('./commands/train.js')).train,
  },
  cost: {
    usage: ['archc cost MODEL.arch', 'archc cost NAME'],
    summary: 'parameters, FLOPs and bytes of each layer',
    details:
      'Takes a file, or a build of archc.json with its settings. Prints formulas in the dims of the model, or numbers with `--bind`. They are rounded; `--json` has the exact ones. A multiply-add counts as two FLOPs. With `--train`, prints what a step needs: trained and frozen weights, the optimizer, gradients, and what the forward pass keeps for the gradient.',
    options: [
      ...instantiation,
      'entry',
      'train',
      'bind',
      ...lowering,
      'deny-fallback',
      'print-passes',
      'explain',
      'json',
      ...reporting,
      ...general,
    ],
    examples: [
      ['archc cost gpt.arch --bind N=1,T=128', 'numbers for one sequence of 128 tokens'],
      ['archc cost gpt.arch --train Finetune --bind N=8,T=128', 'what a training step needs'],
    ],
    load: async () => (await import('./commands/compiling.js')).cost,
  },
  types: {
    usage: ['archc types MODEL.arch... [-o FOLDER/]', 'archc types [NAME...]'],
    summary: 'write the TypeScript declarations of models beside their sources',
    details:
      'Writes `model.d.arch.ts` beside `model.arch`, or into a folder, and leaves it alone if it would stay the same. With the compiler option `allowArbitraryExtensions`, TypeScript then knows the inputs and outputs of `import { Model } from "./model.arch"`. Needs no weights. Without a file or name, writes them for all builds of archc.json.',
    options: ['output', ...instantiation, 'entry', 'train', 'tap', 'bind', 'io', 'target', 'watch', ...reporting, ...general],
    examples: [
      ['archc types digits.arch --train Finetune', 'digits.d.arch.ts, with the training'],
      ['archc types -o types/', 'for all builds of archc.json, into a folder'],
    ],
    load: async () => (await import('./commands/compiling.js')).types,
  },
  graph: {
    usage: ['archc graph MODEL.arch [-o MODEL.svg]', 'archc graph NAME [-o MODEL.html]'],
    summary: 'draw a model: its layers, shapes and costs',
    details:
      'Takes a file, or a build of archc.json with its settings. Writes a picture (.svg), a page in which layers can be expanded (.html), or the data of both (.json). Equal layers in a row are one block; colors show the share of the FLOPs. The graph is that of the source, before the optimizer changes it.',
    options: ['output', 'emit', 'expand', 'depth', ...instantiation, 'entry', 'bind', ...reporting, ...general],
    examples: [
      ['archc graph unet.arch', 'a picture, unet.svg'],
      ['archc graph llama.arch -o llama.html', 'a page to explore'],
      ['archc graph bert.arch --expand "encoder.layers[0]" -o bert.svg', 'with one layer expanded'],
      ['archc graph bert.arch --depth 0 --emit svg -o - > bert.svg', 'all layers closed, to standard output'],
    ],
    load: async () => (await import('./commands/graph.js')).graph,
  },
  prune: {
    usage: [
      'archc prune MODEL.arch --weights FILE.safetensors --to NAME=VALUE -o PRUNED.safetensors',
      'archc prune MODEL.arch --weights FILE.safetensors --sparsity SHARE -o PRUNED.safetensors',
      'archc prune NAME --to NAME=VALUE -o PRUNED.safetensors',
    ],
    summary: 'make a model smaller, or set its smallest weights to zero',
    details:
      'With `--to`, removes the channels and heads with the smallest weights, and everything that belongs to them (biases, norms, the columns that read them), until the weights fit the model with these hyperparameters. With `--sparsity`, sets the elements with the smallest magnitudes to zero. Writes the weights of the pruned model and prints how much smaller each layer has become. If onnxruntime-node is installed beside archc, also prints how far the outputs are from those of the original model, on the given inputs or random ones.',
    options: [
      'weights',
      'to',
      'sparsity',
      'only',
      'scope',
      'output',
      'map',
      'input',
      'bind',
      'seed',
      'model',
      'config',
      'set-from',
      'set',
      'with',
      'dtype',
      'limit',
      'json',
      ...reporting,
      ...general,
    ],
    examples: [
      [
        'archc prune vit.arch --weights vit.safetensors --to ff=2304 -o small.safetensors',
        'keep three quarters of the hidden channels of each layer',
      ],
      ['archc vit.arch --set ff=2304 --weights small.safetensors', 'build the smaller model'],
      [
        'archc prune vit.arch --weights vit.safetensors --sparsity 0.5 --only "encoder.*" -o sparse.safetensors',
        'set half of the encoder to zero',
      ],
    ],
    load: async () => (await import('./commands/prune.js')).prune,
  },
  weights: {
    usage: [
      'archc weights list MODEL.arch|NAME|FILE.safetensors',
      'archc weights check MODEL.arch FILE.safetensors',
      'archc weights check NAME [FILE.safetensors]',
    ],
    summary: 'list the weights of a model or file, or compare them',
    details:
      'NAME is a build of archc.json; FILE defaults to its weights. `check` lists the tensors that are missing, unexpected, or of another shape or type, with similar names.',
    options: [...instantiation, 'map', 'json', ...reporting, ...general],
    examples: [
      ['archc weights list lenet.arch', 'names, types and shapes'],
      ['archc weights check lenet.arch lenet.safetensors', 'does the file fit?'],
    ],
    load: async () => (await import('./commands/compiling.js')).weights,
  },
  init: {
    usage: ['archc init'],
    summary: 'start a project: write archc.json',
    details:
      'Writes an archc.json with a build for each model in this folder and below it, or for an example model if there is none, and prints the next steps. Does not replace an existing archc.json.',
    options: [...general],
    examples: [['archc init && archc build', 'start a project and build all its models']],
    load: async () => (await import('./commands/init.js')).init,
  },
  inspect: {
    usage: ['archc inspect MODEL.onnx'],
    summary: 'show what is in an ONNX file',
    details: 'Prints the inputs, outputs, operators, parameters, opset and metadata.',
    options: ['json', ...general],
    examples: [['archc inspect lenet.onnx', 'an overview']],
    load: async () => (await import('./commands/inspect.js')).inspect,
  },
  lsp: {
    usage: ['archc lsp [--stdio]'],
    summary: 'serve an editor',
    details:
      'Starts a server of the language server protocol: editors start it themselves to show shapes, mistakes and documentation while you type. docs/editors.md says how to set them up.',
    options: ['stdio', 'debug', 'help'],
    examples: [['archc lsp --stdio', 'what an editor runs']],
    load: async () => (await import('./commands/lsp.js')).lsp,
  },
  explain: {
    usage: ['archc explain CODE'],
    summary: 'what a diagnostic means and how to fix it',
    details: 'Prints the page of a code such as `shape-mismatch`. Without a code, lists all codes.',
    options: [...general],
    examples: [['archc explain shape-mismatch', 'the page of one code']],
    load: async () => (await import('./commands/explain.js')).explain,
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof table;

/** Every command, in the order of the help. */
export const commands: Readonly<Record<CommandName, CommandSpec>> = table;

export const commandNames: readonly CommandName[] = Object.keys(table).filter(isCommandName);

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(table, name);
}
