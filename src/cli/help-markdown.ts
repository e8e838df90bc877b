import { defaultOpset, opsets } from '../ops/opsets.js';
import { commandNames, commands } from './commands.js';
import { choices, optionHead } from './help.js';
import { options } from './options.js';

/** The page docs/cli.md, from the same tables as parsing and `--help`. */
export function helpMarkdown(): string {
  const lines = [
    '# The command line',
    '',
    'Generated from the tables in `src/cli/options.ts` and `src/cli/commands.ts`; `npm run test:update` regenerates it.',
    '',
    '| command | what it does |',
    '| --- | --- |',
    ...commandNames.map((name) => `| [\`archc ${name}\`](#archc-${name}) | ${commands[name].summary} |`),
    '',
    '| exit code | |',
    '| --- | --- |',
    '| 0 | success; warnings do not count, unless `--deny-warnings` is given |',
    '| 1 | a problem was found: the model is wrong, its weights or inputs do not fit it, the loss of a training is not a number, or a file is not formatted (`archc fmt --check`) |',
    '| 2 | the command line or a file that it names cannot be used: an unknown option, model, entry, hyperparameter or size, a setting that cannot be used, a file that cannot be read or written |',
    '| 70 | a bug in archc |',
    '| 130, 143 | `archc train` was stopped by Ctrl-C or SIGTERM, with a checkpoint if it has taken a step |',
    '',
    'Diagnostics for people (`human`, `short`) go to standard error. Those for programs (`json`, `sarif`, `github`) go to standard output,',
    'unless the model itself goes there (`-o -`). `json` is one array of',
    '`{code, severity, message, file, range: {start: {line, column, offset}, end}, related, fixes, help}`; lines and columns count from 1,',
    'and columns and offsets are in UTF-16 units. An error that ends a command with exit code 2 is printed in the same format: as one element',
    'with the code `cannot-run`, whose `file` and `range` are null if the failure has no location; SARIF reports it in',
    '`invocations[].toolExecutionNotifications`.',
    '',
    'Names of source files and imports must end in `.arch`, even after links are followed; other files are not read as sources. `-` is standard',
    'input, whose imports are relative to the current folder.',
    '',
    'Each of `fixes` is `{title, safe, edits}`; `safe` is true for those that `archc check --fix` applies.',
    '',
    'Code that has no effect, such as an import that nothing uses, gives a [warning](language.md#warnings). With `--deny-warnings`, warnings make',
    'a command end with exit code 1, and a build writes nothing; a last line on standard error says why.',
    '',
    'A file that archc writes replaces the old one in one step, with the mode, owner and group of the old one; a read-only file is refused. The',
    'data file of a model gets the mode of the model. Several builds of one output may run at the same time: the model and data file that remain',
    'are those of the last one to finish. Of a model with several entries, the files are replaced one after the other: if the build is',
    'killed in between, some are new and some old. Each works, with the weights it was built with; build again. Files of entries that the model no',
    'longer has stay, with their weights.',
    '',
    'Environment: `NO_COLOR` and `FORCE_COLOR` control colors. From Node 22.1 on, Node keeps compiled code between runs, a few MB in the cache folder',
    'of the user (`XDG_CACHE_HOME/archc`, `~/.cache/archc`, `~/Library/Caches/archc`). Nothing is kept or used where anyone else could put files: in a',
    'folder of another user, one that others may write to, or below such a folder (except one like `/tmp`, where users cannot touch the files of',
    'others); nor on Windows, where Node does not report who may write. `NODE_DISABLE_COMPILE_CACHE=1` turns this off.',
    '',
  ];
  for (const name of commandNames) {
    const command = commands[name];
    lines.push(`## archc ${name}`, '', '```', ...command.usage, '```', '', command.details, '', '| option | |', '| --- | --- |');
    for (const option of command.options) {
      lines.push(`| \`${optionHead(option).trim()}\` | ${(options[option].help + choices(option, name)).replaceAll('|', '\\|')} |`);
    }
    lines.push('', '```sh', ...command.examples.map(([line, what]) => `${line}   # ${what}`), '```', '');
  }
  lines.push(...targetsAndOpsets);
  return `${lines.join('\n').trimEnd()}\n`;
}

const targetsAndOpsets = [
  '## Targets, opsets and element types',
  '',
  'A `portable` file is standard ONNX for its opset, with types that operators have there. The files for other targets may also use operators of ONNX',
  'Runtime (the domain `com.microsoft`). The target chooses between equivalent forms: `webgpu` and `portable` avoid operators without a kernel on',
  'WebGPU, `cpu`, `cuda` and `wasm` use them. `webgpu` is the native provider of ONNX Runtime, which `onnxruntime-web/webgpu` also has, and `wasm` the',
  'CPU provider of `onnxruntime-web`; what has no kernel there is reported with its line ([no-kernel](errors/no-kernel.md)).',
  '',
  `\`--opset\` is ${opsets.min} to ${opsets.max}, those that a released ONNX Runtime loads (${opsets.max} needs 1.30); it also determines the version of the file format. With`,
  `\`--target cpu\` it is ${defaultOpset('cpu')} unless you say otherwise, for attention and RMS norms are one operator each from there on (\`Attention\`,`,
  `\`RMSNormalization\`), and ONNX Runtime has kernels for them. Otherwise it is ${opsets.min}; the kernels of WebGPU for many operators end in an early opset.`,
  '',
  'Where an opset has no form of an operator for an element type, the operator computes in a wider one, between casts: convolutions, pools and',
  'recurrent layers of bf16 at opset 21 (22 has them), `topk` of bf16 before 24, `einsum` of bf16 at every opset, matrix products of 8- and 16-bit',
  'integers. ONNX Runtime computes bf16 on GPUs only, and its package for Node does not accept bf16 inputs: `--io f32` keeps the inputs and outputs',
  'f32.',
];
