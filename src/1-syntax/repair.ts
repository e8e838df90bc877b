import type { SourceToken } from '../../grammar/source-token.js';
import { T } from '../../grammar/tokens.js';
import { diagnostic } from '../diagnostics/diagnostic.js';
import type { Complaints } from './complaints.js';
import type { SyntaxLimits } from './limits.js';
import { balanceBrackets } from './repair/brackets.js';
import { dropForeignComments } from './repair/comments.js';
import { repairConditionals } from './repair/conditionals.js';
import { dropForeignLines } from './repair/foreign-lines.js';
import { repairLambdas } from './repair/lambdas.js';
import { repairNegations } from './repair/negation.js';
import { repairNumbers } from './repair/numbers.js';
import { repairPresence } from './repair/presence.js';
import { bracePythonBlocks } from './repair/python-blocks.js';
import { repairStrings } from './repair/strings.js';
import { closerOf, endOf, isCloser } from './repair/token-kinds.js';
import { repairTuples } from './repair/tuples.js';
import { repairWords } from './repair/words.js';
import type { Scanned } from './scan.js';

/**
 * Prepares tokens for the parser: reports what is wrong with single words and with brackets, and passes on what was meant, so that the parser sees balanced
 * brackets and the words of this language. Undefined if brackets are nested too deeply to continue.
 */
export function repair(scanned: Scanned, text: string, limits: SyntaxLimits, complaints: Complaints): SourceToken[] | undefined {
  const code = dropForeignComments(scanned, text, complaints);
  reportStrayCharacters(scanned, complaints);
  reportLongNames(code, limits, complaints);
  const passes = [
    repairStrings,
    repairNumbers,
    dropForeignLines,
    repairTuples,
    repairLambdas,
    repairPresence,
    repairConditionals,
    repairNegations,
    repairWords,
  ];
  const words = passes.reduce<readonly SourceToken[]>((rest, pass) => pass(rest, complaints), code);
  const braced = bracePythonBlocks(words, complaints);
  if (isTooDeep(braced, limits, complaints)) return undefined;
  const tokens = balanceBrackets(braced, complaints);
  setDepths(tokens);
  return tokens;
}

function reportStrayCharacters({ errors }: Scanned, complaints: Complaints): void {
  for (const { offset, text } of errors) {
    const codes = [...text.slice(0, 8)].map((c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ');
    const span = complaints.span(offset, offset + text.length);
    const fixes = text === '~' ? [{ title: 'write `!`', edits: [{ span, text: '!' }] }] : [];
    complaints.add(diagnostic('stray-character', span, { text: text.slice(0, 20), codes }, { fixes }), span);
  }
}

function reportLongNames(tokens: readonly SourceToken[], { nameLength }: SyntaxLimits, complaints: Complaints): void {
  for (const token of tokens) {
    if (token.tokenType !== T.Id || token.image.length <= nameLength) continue;
    const span = complaints.span(token.startOffset, endOf(token));
    complaints.add(diagnostic('name-too-long', span, { length: token.image.length, limit: nameLength }), span);
  }
}

function isTooDeep(tokens: readonly SourceToken[], { nesting }: SyntaxLimits, complaints: Complaints): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (isCloser(token)) depth = Math.max(0, depth - 1);
    else if (closerOf.has(token.tokenType)) depth++;
    if (depth <= nesting) continue;
    const span = complaints.span(token.startOffset, token.startOffset + 1);
    complaints.add(diagnostic('nesting-too-deep', span, { limit: nesting, what: 'brackets' }), span);
    return true;
  }
  return false;
}

function setDepths(tokens: readonly SourceToken[]): void {
  let depth = 0;
  for (const token of tokens) {
    if (isCloser(token)) depth--;
    token.depth = depth;
    if (closerOf.has(token.tokenType)) depth++;
  }
}
