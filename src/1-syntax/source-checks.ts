import { diagnostic } from '../diagnostics/diagnostic.js';
import type { Complaints } from './complaints.js';
import type { SyntaxLimits } from './limits.js';

/** NUL and the characters that reorder text on screen, so that code reads differently from what it does (Trojan Source). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it looks for
const forbidden = /[\u0000\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Checks the text before it is split into tokens; false if it must not be read at all. */
export function checkText(text: string, limits: SyntaxLimits, complaints: Complaints): boolean {
  if (text.length > limits.sourceLength) {
    const d = diagnostic('source-too-large', complaints.span(0, 0), { size: text.length, limit: limits.sourceLength });
    complaints.add(d, d.span);
    return false;
  }
  for (const { 0: character, index } of text.matchAll(forbidden)) {
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const what = character === '\u0000' ? 'a NUL character' : 'a character that changes the direction of the text';
    const d = diagnostic('forbidden-character', complaints.span(index, index + 1), { what, code });
    complaints.add(d, d.span);
  }
  return true;
}

/** Whether the file has more tokens than the limit. */
export function tooManyTokens(count: number, limits: SyntaxLimits, complaints: Complaints): boolean {
  if (count - 1 <= limits.tokens) return false;
  const d = diagnostic('too-many-tokens', complaints.span(0, 0), { limit: limits.tokens });
  complaints.add(d, d.span);
  return true;
}
