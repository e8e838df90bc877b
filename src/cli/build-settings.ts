import type { ProjectBuild } from '../api/project.js';
import { limitFlag } from '../limit-table.js';
import { type BuildKey, buildKeys } from '../project/keys.js';
import { ParsedOptions } from './arguments.js';
import { type CommandName, commands } from './commands.js';
import { weightsWord } from './model-weights.js';
import { isOptionName, type OptionName, type OptionSpec, options } from './options.js';

/** Keys of a build whose options have other names. */
const renamed: Partial<Record<BuildKey, OptionName>> = { name: 'model', out: 'output', frozenWeights: 'weights' };

/**
 * The options of a command for a build of a project: the build's own, as far as the command takes them, unless the command line gives them. Values by name
 * are merged: `--bind N=1` changes only `N`.
 */
export function withBuild(given: ParsedOptions, command: CommandName, build: ProjectBuild): ParsedOptions {
  const merged = new Map<OptionName, readonly string[]>();
  for (const key of buildKeys) {
    const option = optionOf(key);
    const value = valueIn(build, key);
    if (option === undefined || value === undefined || value === false || !isMeant(option, command)) continue;
    const words = wordsOf(value, option);
    const names = namesOf[option];
    const own = new Set(names === undefined ? [] : given.values(option).flatMap(names));
    const kept =
      names === undefined ? (given.has(option) ? [] : words) : words.filter((word) => !names(word).some((name) => own.has(name)));
    if (kept.length > 0 || value === true) merged.set(option, [...(merged.get(option) ?? []), ...kept]);
  }
  for (const option of given.names) merged.set(option, [...(merged.get(option) ?? []), ...given.values(option)]);
  const { setIn, writtenIn } = build.options;
  const places = Object.fromEntries(Object.entries(writtenIn ?? {}).filter(([name]) => isOptionName(name) && !given.has(name)));
  return new ParsedOptions(merged, { setIn, writtenIn: places });
}

/** The command-line option for a key, if there is one. The values of `set` are JSON, and reach the command unchanged. */
export function optionOf(key: BuildKey): OptionName | undefined {
  const name = renamed[key] ?? limitFlag(key);
  return key !== 'model' && key !== 'set' && isOptionName(name) ? name : undefined;
}

/** A build is checked with everything that it is built with. The output of a training is the folder of a run, not the file of the model, and that of `graph` a picture. */
function isMeant(option: OptionName, command: CommandName): boolean {
  const taken = command === 'check' ? 'build' : command;
  const isOfFiles = option === 'output' || (option === 'emit' && command !== 'check');
  return commands[taken].options.includes(option) && (!isOfFiles || command === 'build');
}

function valueIn({ out, config, options: own }: ProjectBuild, key: BuildKey): unknown {
  switch (key) {
    case 'name':
      return own.model;
    case 'out':
      return out;
    case 'config':
      return config;
    case 'model':
    case 'set':
      return undefined;
    default:
      return own[key];
  }
}

/** A value as words of the command line. */
function wordsOf(value: unknown, option: OptionName): readonly string[] {
  const { repeatable }: OptionSpec = options[option];
  if (Array.isArray(value)) return repeatable === true ? value.map(String) : [value.join(',')];
  if (typeof value === 'object') return Object.entries(value ?? {}).map(([name, inner]) => `${name}=${inner}`);
  if (value === true) return [];
  // A path with `=` in it would name a model.
  return [option === 'weights' && weightsWord(String(value)).name !== undefined ? `./${value}` : String(value)];
}

/** For options that give values by name, the names in one word. */
const namesOf: Partial<Record<OptionName, (word: string) => readonly string[]>> = {
  bind: (word) => word.split(',').map(nameIn),
  map: (word) => [nameIn(word)],
  weights: (word) => [weightsWord(word).name ?? ''],
};

function nameIn(word: string): string {
  return word.slice(0, Math.max(0, word.indexOf('='))).trim();
}
