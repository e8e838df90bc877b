import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic, type Edit } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { endOf, endsOperand, isWord, retyped, supplied } from './token-kinds.js';

/** Replaces `x is not None` and `x != None` with `x?`, and `x is None` and `x == None` with `!x?`. */
export function repairPresence(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some((_, i) => wordsAt(tokens, i).length > 0)) return tokens;
  const out: SourceToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    const words = endsOperand(tokens[i - 1]) && token.indent < 0 ? wordsAt(tokens, i) : [];
    const last = words.at(-1);
    const subject = out.at(-1);
    if (last === undefined || subject === undefined) {
      out.push(token);
      continue;
    }
    const isAbsent = words[0]?.tokenType === T.EqEq || (words.length === 2 && words[0]?.tokenType !== T.NotEq);
    // Whether `!` before the last token would negate the whole operand.
    const isName = isWord(subject) && out.at(-2)?.tokenType !== T.Dot;
    report(subject, words, isAbsent, isName, complaints);
    if (isAbsent && isName) out.splice(-1, 1, negating(subject), { ...subject, indent: -1 });
    out.push(retyped({ ...last, startOffset: token.startOffset }, T.Question, '?'));
    i += words.length - 1;
  }
  return out;
}

function negating(subject: SourceToken): SourceToken {
  return { ...supplied(T.Not, undefined), startOffset: subject.startOffset, endOffset: subject.startOffset - 1, indent: subject.indent };
}

/** `is None`, `is not None`, `== None` or `!= None` as tokens. */
function wordsAt(tokens: readonly SourceToken[], i: number): readonly SourceToken[] {
  const [first, second, third] = [tokens[i], tokens[i + 1], tokens[i + 2]];
  const tests = first?.image === 'is' || first?.tokenType === T.EqEq || first?.tokenType === T.NotEq;
  if (!tests) return [];
  const isNone = (token: SourceToken | undefined) => token !== undefined && (token.image === 'None' || token.tokenType === T.hard.none);
  if (first.image === 'is' && second?.image === 'not' && isNone(third)) return tokens.slice(i, i + 3);
  return isNone(second) ? tokens.slice(i, i + 2) : [];
}

function report(subject: SourceToken, words: readonly SourceToken[], isAbsent: boolean, isName: boolean, complaints: Complaints): void {
  const [first, last] = [words[0] ?? subject, words.at(-1)];
  const span = complaints.span(first.startOffset, endOf(last));
  const name = isName ? subject.image : 'x';
  const edits: Edit[] = [{ span: complaints.span(endOf(subject), endOf(last)), text: '?' }];
  if (isAbsent) edits.unshift({ span: complaints.span(subject.startOffset, subject.startOffset), text: '!' });
  const operator = isAbsent ? `!${name}?` : `${name}?`;
  const fixes = isAbsent && !isName ? [] : [{ title: `write \`${operator}\``, edits }];
  const word = words.map(({ image }) => image).join(' ');
  complaints.add(diagnostic('word-operator', span, { word, operator }, { fixes }), span);
}
