import type { OptionName } from './options.js';
import { UsageError } from './usage-error.js';

/**
 * The hyperparameters of `--set a=1,b=[8,16] --set c=2`: several in one value are separated by commas outside brackets and strings. If a
 * name is set twice, the last one wins, and its position counts. Other options that take settings, such as `--to`, use the same syntax.
 */
export function settingsOf(values: readonly string[], option: OptionName = 'set'): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const text of values) {
    const found = parts(text);
    for (const [i, part] of found.entries()) {
      const [, name, value] = setting.exec(part) ?? [];
      if (name === undefined || value === undefined) throw wrongForm(text, found, i, option);
      if (value.trim() === '') throw new UsageError(`\`--${option} ${part.trim()}\` has no value`);
      settings.delete(name);
      settings.set(name, value.trim());
    }
  }
  return settings;
}

const setting = /^\s*([A-Za-z_][\w.]*)\s*=(?!=)([\s\S]*)$/;

/** `hidden=8,16` was meant to be a list. */
function wrongForm(text: string, found: readonly string[], at: number, option: OptionName): UsageError {
  const message = `\`--${option} ${text}\` is not of the form NAME=VALUE`;
  const [, name, first] = setting.exec(found[at - 1] ?? '') ?? [];
  if (name === undefined || first === undefined) return new UsageError(message);
  const end = found.findIndex((part, i) => i > at && setting.test(part));
  const items = [first, ...found.slice(at, end < 0 ? undefined : end)].map((item) => item.trim());
  return new UsageError(message, `write a list in brackets: \`--${option} "${name}=[${items.join(',')}]"\``);
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The text split at its commas outside brackets and strings. Unbalanced brackets are left to the reader of the value. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === '"') at = endOfString(text, at);
    else if (closing[c] !== undefined) open.push(closing[c]);
    else if (c === open.at(-1)) open.pop();
    else if (c === ',' && open.length === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)];
}

/** The offset of the quote that ends the string at `start`, or of the last character. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, text.length - 1);
}
