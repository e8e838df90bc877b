import { version } from '../version.js';
import { type CommandName, commandNames, commands } from './commands.js';
import { choicesOf, type OptionName, options } from './options.js';

/** The text of `archc --help`. */
export function generalHelp(): string {
  const width = Math.max(...commandNames.map((name) => name.length)) + 2;
  return [
    `archc ${version}: a declarative model-graph compiler, .arch to ONNX`,
    '',
    'Usage:',
    '  archc MODEL.arch [-o MODEL.onnx]',
    '  archc build [NAME...]              the builds of archc.json',
    '  archc COMMAND [OPTIONS] ...',
    '',
    'Commands:',
    ...commandNames.map((name) => `  ${name.padEnd(width)}${commands[name].summary}`),
    '',
    '`archc --version` prints the version.',
    '`archc COMMAND --help` lists the options of a command, `archc explain` every message.',
    'The language and the layers are described in docs/language.md and docs/stdlib.md of the package.',
    'Exit codes: 0 success, 1 the model is wrong, 2 the command or a file is wrong, 70 a bug in archc,',
    '130 `archc train` was stopped by Ctrl-C.',
    '',
  ].join('\n');
}

/** The text of `archc COMMAND --help`, in lines of at most `width` cells. */
export function commandHelp(name: CommandName, width = 100): string {
  const command = commands[name];
  const heads = command.options.map(optionHead);
  const column = Math.min(28, Math.max(...heads.map((head) => head.length)) + 4);
  const lines = command.options.flatMap((option, i) => {
    const head = `  ${heads[i] ?? ''}`;
    const text = wrap(options[option].help + choices(option, name), width - column);
    const rest = head.length + 2 <= column ? [head.padEnd(column) + (text.shift() ?? '')] : [head];
    return [...rest, ...text.map((line) => ' '.repeat(column) + line)];
  });
  return [
    `archc ${name}: ${command.summary}`,
    '',
    'Usage:',
    ...command.usage.map((line) => `  ${line}`),
    '',
    ...wrap(command.details, width),
    '',
    'Options:',
    ...lines,
    '',
    'Examples:',
    ...command.examples.flatMap(([line, what]) => [`  # ${what}`, `  ${line}`]),
    '',
  ].join('\n');
}

/** `-o, --output FILE` */
export function optionHead(name: OptionName): string {
  const { short, value } = options[name];
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The values that are allowed for a command. */
export function choices(name: OptionName, command: CommandName): string {
  const list = choicesOf(name, command);
  return list === undefined ? '' : ` (${list.join(', ')})`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
