import { parseArgs } from 'node:util';
import type { CompileOptions } from '../api/options.js';
import { suggest } from '../diagnostics/suggest.js';
import { type CommandName, commandNames, commands, isCommandName } from './commands.js';
import { choicesOf, isOptionName, type OptionName, type OptionSpec, options } from './options.js';
import { UsageError } from './usage-error.js';

/** The options given by the command line or by a build of a project. */
export class ParsedOptions {
  readonly #values: ReadonlyMap<OptionName, readonly string[]>;
  /** What the build of a project says, and its places there. */
  readonly inProject: Pick<CompileOptions, 'setIn' | 'writtenIn'>;

  constructor(values: ReadonlyMap<OptionName, readonly string[]>, inProject: Pick<CompileOptions, 'setIn' | 'writtenIn'> = {}) {
    this.#values = values;
    this.inProject = inProject;
  }

  /** The same options, some of them with other values. An option whose list of values is empty is left out. */
  with(changed: Partial<Record<OptionName, readonly string[]>>): ParsedOptions {
    const all = new Map([...this.#values, ...Object.entries(changed)] as (readonly [OptionName, readonly string[]])[]);
    const kept = new Map([...all].filter(([name, values]) => changed[name] === undefined || values.length > 0));
    return new ParsedOptions(kept, this.inProject);
  }

  /** The names of all of them, in the order in which they were given. */
  get names(): readonly OptionName[] {
    return [...this.#values.keys()];
  }

  /** Whether the option was given, with or without a value. */
  has(name: OptionName): boolean {
    return this.#values.has(name);
  }

  /** The value of an option; the last one if it was given twice. */
  value(name: OptionName): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** All values of a repeatable option, in order. */
  values(name: OptionName): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  integer(name: OptionName): number | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : Number(value);
  }

  /** `NAME=VALUE` pairs of a repeatable option; with `separator`, several in one value. */
  pairs(name: OptionName, separator?: string): ReadonlyMap<string, string> {
    const pairs = new Map<string, string>();
    for (const text of this.values(name)) {
      for (const part of separator === undefined ? [text] : text.split(separator)) {
        const at = part.indexOf('=');
        const key = part.slice(0, Math.max(0, at)).trim();
        if (key === '') throw new UsageError(`\`--${name} ${text}\` is not of the form ${options[name].value ?? 'NAME=VALUE'}`);
        if (pairs.has(key)) throw new UsageError(`\`--${name}\` gives \`${key}\` twice`);
        const value = part.slice(at + 1).trim();
        if (value === '') throw new UsageError(`\`--${name} ${part}\` has no value`);
        pairs.set(key, value);
      }
    }
    return pairs;
  }

  /** The sizes of `--bind N=1,T=128`. */
  sizes(name: OptionName): ReadonlyMap<string, number> {
    const sizes = new Map<string, number>();
    for (const [dim, text] of this.pairs(name, ',')) {
      const size = Number(text);
      if (!/^\d+$/.test(text) || !Number.isSafeInteger(size))
        throw new UsageError(`\`--${name} ${dim}=${text}\`: a size is a whole number`);
      sizes.set(dim, size);
    }
    return sizes;
  }
}

export interface Invocation {
  /** Undefined if only `--help` or `--version` was requested, or nothing at all. */
  readonly command: CommandName | undefined;
  readonly positionals: readonly string[];
  readonly options: ParsedOptions;
}

/** Reads the command line; throws a `UsageError` that says what would be right. */
export function parseArguments(argv: readonly string[]): Invocation {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, spec]: [string, OptionSpec]) => [
      name,
      {
        type: spec.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(spec.short ? { short: spec.short } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options: config, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<OptionName, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    else if (token.kind === 'option') addOption(given, token.name, token.rawName, token.value, token.inlineValue);
  }
  const [first] = words;
  const isCommand = first !== undefined && isCommandName(first);
  const command = first === undefined ? undefined : isCommand ? first : 'build';
  if (first !== undefined && !isCommand && !looksLikeFile(first)) throw unknownCommand(first);
  if (command !== undefined) refuseForeign(command, given);
  return { command, positionals: isCommand ? words.slice(1) : words, options: new ParsedOptions(given) };
}

function addOption(
  given: Map<OptionName, string[]>,
  name: string,
  rawName: string,
  value: string | undefined,
  inline: boolean | undefined,
): void {
  if (!isOptionName(name)) throw unknownOption(name, rawName);
  const spec = options[name];
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`\`${rawName}\` takes no value`);
    given.set(name, []);
    return;
  }
  const isMissing = value === undefined || value === '' || (inline !== true && /^-./.test(value) && !/^-\d/.test(value));
  if (isMissing) throw new UsageError(`\`${rawName}\` needs a value: ${rawName} ${spec.value}`);
  if (spec.choicesFor === undefined) demandChoice(rawName, value, spec.choices, spec.retired);
  if (spec.integer !== undefined) {
    const { min, max = Number.MAX_SAFE_INTEGER } = spec.integer;
    const range = spec.integer.max === undefined ? (min > 0 ? ` from ${min}` : '') : ` from ${min} to ${max}`;
    if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max)
      throw new UsageError(`\`${rawName}\` needs a whole number${range}, not \`${value}\``);
  }
  const values = given.get(name) ?? [];
  if (values.length > 0 && spec.repeatable !== true) throw new UsageError(`\`${rawName}\` is given twice`);
  given.set(name, [...values, value]);
}

/** Throws `UsageError` for a value that is none of the choices, if there are any. */
function demandChoice(shown: string, value: string, choices: readonly string[] | undefined, retired: OptionSpec['retired']): void {
  if (choices === undefined || choices.includes(value)) return;
  const [near] = suggest(value, choices);
  const oneOf = `is one of ${choices.join(', ')}`;
  const help = retired?.[value] ?? (near === undefined ? `it ${oneOf}` : `did you mean \`${near}\`? It ${oneOf}`);
  throw new UsageError(`\`${shown}\` cannot be \`${value}\``, help);
}

/** `check` may be a command or a build; `models/check`, `-` and `check.arch` are files. */
export function looksLikeFile(word: string): boolean {
  return word === '-' || /[./\\]/.test(word);
}

function unknownCommand(word: string): UsageError {
  if (word === 'help' || word === 'version') return new UsageError(`there is no command \`${word}\``, `did you mean \`archc --${word}\`?`);
  const [near] = suggest(word, commandNames);
  return new UsageError(
    `there is no command \`${word}\``,
    near === undefined ? '`archc --help` lists the commands; a model file has the ending .arch' : `did you mean \`archc ${near}\`?`,
  );
}

function unknownOption(name: string, rawName: string): UsageError {
  const [near] = suggest(name, Object.keys(options));
  return new UsageError(
    `there is no option \`${rawName}\``,
    near === undefined ? '`archc --help` lists the options' : `did you mean \`--${near}\`?`,
  );
}

/** Throws `UsageError` for options that the command does not have, and for values that it does not take. */
function refuseForeign(command: CommandName, given: ReadonlyMap<OptionName, readonly string[]>): void {
  for (const [name, values] of given) {
    if (name === 'version') continue;
    if (commands[command].options.includes(name)) {
      const { choicesFor, retired }: OptionSpec = options[name];
      const shown = choicesFor?.[command] === undefined ? `--${name}` : `archc ${command} --${name}`;
      for (const value of values) demandChoice(shown, value, choicesOf(name, command), retired);
      continue;
    }
    const owners = commandNames.filter((other) => commands[other].options.includes(name));
    throw new UsageError(
      `\`archc ${command}\` has no option \`--${name}\``,
      `it belongs to ${owners.map((owner) => `\`archc ${owner}\``).join(', ')}`,
    );
  }
}
