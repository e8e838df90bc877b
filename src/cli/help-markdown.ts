import { defaultOpset, opsets } from '../ops/opsets.js';
import { commandNames, commands } from './commands.js';
import { choices, optionHead } from './help.js';
import { options } from './options.js';

/** The page docs/cli.md, from the same tables as parsing and `--help`. */
export function helpMarkdown(): string {
  const lines = [
    '# The command line',
    '',
    'The commands of `archc`, their options and exit codes. This page is generated from `src/cli/options.ts` and `src/cli/commands.ts`; `npm run test:update` regenerates it.',
    '',
    '| command | what it does |',
    '| --- | --- |',
    ...commandNames.map((name) => `| [\`archc ${name}\`](#archc-${name}) | ${commands[name].summary} |`),
    '',
    '| exit code | |',
    '| --- | --- |',
    '| 0 | success; warnings count only with `--deny-warnings` |',
    '| 1 | a problem was found: the model is wrong, its weights or inputs do not fit it, the loss of a training is not a number, or a file is not formatted (`archc fmt --check`) |',
    '| 2 | the command line or a file that it names cannot be used: an unknown option, model, entry, hyperparameter or size, an invalid setting, a file that cannot be read or written |',
    '| 70 | a bug in archc |',
    '| 130, 143 | `archc train` was stopped by Ctrl-C or SIGTERM; there is a checkpoint if it has taken a step |',
    '',
    'Diagnostics for people (`human`, `short`) go to standard error. Those for programs (`json`, `sarif`, `github`) go to standard output,',
    'unless the model itself goes there (`-o -`). `json` is one array of',
    '`{code, severity, message, file, range: {start: {line, column, offset}, end}, related, fixes, help}`; lines and columns count from 1,',
    'and columns and offsets are in UTF-16 units. An error that ends a command with exit code 2 is printed in the same format: as one element',
    'with the code `cannot-run`, whose `file` and `range` are null if the failure has no location; SARIF reports it in',
    '`invocations[].toolExecutionNotifications`.',
    '',
    'Each of `fixes` is `{title, safe, edits}`; `safe` is true for those that `archc check --fix` applies.',
    '',
    'Names of source files and imports must end in `.arch`, even after links are followed; other files are not read as sources. `-` is standard',
    'input, whose imports are relative to the current folder.',
    '',
    'Code that has no effect, such as an unused import, gives a [warning](language.md#warnings). With `--deny-warnings`, a command that gives',
    'warnings ends with exit code 1, and a build writes nothing; the last line on standard error says why.',
    '',
    'A file that archc writes replaces the old one in one step and keeps its mode, owner and group; a read-only file is not replaced. The data',
    'file of a model gets the mode of the model. Several builds with the same output may run at the same time: the model and data file that remain',
    'are those of the last one to finish. The files of a model with several entries are replaced one after the other. If the build is killed in',
    'between, some are new and some are old; each works, with the weights it was built with. Build again to replace the rest. Files of entries that',
    'the model no longer has are kept, with their weights.',
    '',
    'The environment variables `NO_COLOR` and `FORCE_COLOR` control colors. In a file, the table of `archc cost` has 80 columns, or as many as',
    '`COLUMNS` says. From Node 22.1 on, Node caches compiled code between runs: a few MB in the',
    'cache folder of the user (`XDG_CACHE_HOME/archc`, `~/.cache/archc`, `~/Library/Caches/archc`). The cache is not used where anyone else could put',
    'files: in a folder of another user, in one that others may write to, or below such a folder (except one like `/tmp`, where users cannot touch the',
    'files of others); nor on Windows, where Node does not report who may write. `NODE_DISABLE_COMPILE_CACHE=1` turns it off.',
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
  'A `portable` file is standard ONNX for its opset, with the types that operators have there. Files for other targets may also use the operators of ONNX',
  'Runtime (the domain `com.microsoft`). The target decides between equivalent forms: `webgpu` and `portable` avoid operators without a kernel on',
  'WebGPU; `cpu`, `cuda` and `wasm` use them. `webgpu` is the native provider of ONNX Runtime, which `onnxruntime-web/webgpu` also has; `wasm` is the CPU',
  'provider of `onnxruntime-web`. Operators without a kernel there are reported with their lines ([no-kernel](errors/no-kernel.md)). [Targets](targets.md)',
  'lists the kernels, and which import of ONNX Runtime each target needs.',
  '',
  `\`--opset\` takes ${opsets.min} to ${opsets.max}, which released versions of ONNX Runtime load (${opsets.max} needs 1.30); it also determines the version of the file format. The default`,
  `is ${defaultOpset('cpu')} for \`--target cpu\`: from there on, attention and RMS norms are one operator each (\`Attention\`, \`RMSNormalization\`), with kernels in ONNX`,
  `Runtime. For all other targets it is ${opsets.min}, because many WebGPU kernels support only early opsets.`,
  '',
  'If an operator does not have an element type in an opset, it computes in a wider type, between casts: convolutions, pooling and recurrent layers',
  'of bf16 at opset 21 (22 has them), `topk` of bf16 before 24, `einsum` of bf16 at every opset, and matrix products of 8- and 16-bit integers. ONNX',
  'Runtime computes bf16 only on GPUs, and its package for Node does not accept bf16 inputs; `--io f32` keeps the inputs and outputs f32.',
];
