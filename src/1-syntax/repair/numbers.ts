import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { endOf, endsOperand, isWord, retyped } from './token-kinds.js';

/** Replaces `.5` with `0.5`, and `5.` with `5.0`. */
export function repairNumbers(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some((_, i) => numberAt(tokens, i) !== undefined)) return tokens;
  const out: SourceToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    const next = tokens[i + 1];
    const instead = numberAt(tokens, i);
    if (instead === undefined) {
      out.push(token);
      continue;
    }
    const span = complaints.span(token.startOffset, endOf(next));
    const fixes = [{ title: `write \`${instead}\``, edits: [{ span, text: instead }] }];
    complaints.add(diagnostic('foreign-literal', span, { word: token.image + (next?.image ?? ''), instead }, { fixes }), span);
    out.push(retyped({ ...token, endOffset: span.end - 1 }, T.Num, instead));
    i++;
  }
  return out;
}

function numberAt(tokens: readonly SourceToken[], i: number): string | undefined {
  const token = tokens[i];
  const next = tokens[i + 1];
  if (token === undefined || next === undefined || next.startOffset !== endOf(token)) return undefined;
  return numberOf(token, next, tokens, i);
}

/** The number that two tokens without a space between them are in Python, as it is written here. */
function numberOf(token: SourceToken, next: SourceToken, tokens: readonly SourceToken[], i: number): string | undefined {
  if (token.tokenType === T.Dot && next.tokenType === T.Num && /^\d/.test(next.image))
    return endsOperand(tokens[i - 1]) && token.indent < 0 ? undefined : `0.${next.image}`;
  const isWhole = token.tokenType === T.Num && /^[\d_]+$/.test(token.image) && next.tokenType === T.Dot;
  const [before, after] = [tokens[i - 1], tokens[i + 2]];
  const isMember = after !== undefined && isWord(after) && after.startOffset === endOf(next);
  // In a path of names, `layers.0.*`, it is a name.
  const isInPath = before?.tokenType === T.Dot && endOf(before) === token.startOffset;
  return isWhole && !isMember && !isInPath ? `${token.image}.0` : undefined;
}
