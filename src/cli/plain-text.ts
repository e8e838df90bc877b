import { printableText } from '../diagnostics/text-width.js';

declare const plain: unique symbol;

/**
 * Text for a terminal or a log in which nothing from outside (a name, a path, a message of another program) can control the terminal or
 * begin a line of its own. Streams accept no other text, so nothing reaches them unescaped.
 */
export type PlainText = string & { readonly [plain]: true };

/** One line, whatever `text` contains. */
export function line(text: string): PlainText {
  return trusted(`${printableText(text)}\n`);
}

/** One line for each text. */
export function lines(texts: readonly string[]): PlainText {
  return joined(texts.map(line));
}

export function joined(texts: readonly PlainText[]): PlainText {
  return trusted(texts.join(''));
}

/** A value for programs. JSON does not require escapes for everything that terminals understand, but allows them. */
export function json(value: unknown): PlainText {
  return escapedJson(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The same JSON, with escapes for everything that a terminal might understand. There is none of it outside strings. */
export function escapedJson(text: string): PlainText {
  const escaped = text.replaceAll(/[^\n -~]/gu, (character) =>
    printableText(character) === character ? character : unicodeEscapes(character),
  );
  return trusted(escaped);
}

function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

/** Text that archc itself has composed of parts; those from outside are already escaped. */
export function trusted(text: string): PlainText {
  return text as PlainText;
}
