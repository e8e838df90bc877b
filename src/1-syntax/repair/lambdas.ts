import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import { append } from '../../lists.js';
import type { Complaints } from '../complaints.js';
import { endOf, isWord, retyped, statementStarts, supplied } from './token-kinds.js';

/** Replaces `f = lambda a, b: e` with `let f(a, b) = e`. */
export function repairLambdas(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some(({ image }) => image === 'lambda')) return tokens;
  const out: SourceToken[] = [];
  const starts = statementStarts(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const [name, equals, word] = tokens.slice(i, i + 3);
    const colon = word?.image === 'lambda' ? parametersEnd(tokens, i + 3) : undefined;
    if (
      name === undefined ||
      starts[i] !== true ||
      !isWord(name) ||
      equals?.tokenType !== T.Eq ||
      word === undefined ||
      colon === undefined
    ) {
      out.push(tokens[i] as SourceToken); // in range
      continue;
    }
    const parameters = tokens.slice(i + 3, colon);
    const mark = tokens[colon] as SourceToken; // found above
    report(name, word, parameters, mark, complaints);
    const start = {
      ...supplied(T.hard.let, undefined),
      startOffset: name.startOffset,
      endOffset: name.startOffset - 1,
      indent: name.indent,
    };
    out.push(start, { ...name, indent: -1 }, supplied(T.LParen, name));
    append(out, parameters);
    out.push(supplied(T.RParen, parameters.at(-1) ?? word), retyped(mark, T.Eq, '='));
    i = colon;
  }
  return out;
}

/** The `:` after `a, b`. */
function parametersEnd(tokens: readonly SourceToken[], start: number): number | undefined {
  for (let i = start; ; i++) {
    const token = tokens[i];
    if (token?.tokenType === T.Colon) return i;
    const isExpected = (i - start) % 2 === 0 ? isWord(token) : token?.tokenType === T.Comma;
    if (token === undefined || token.indent >= 0 || !isExpected) return undefined;
  }
}

function report(
  name: SourceToken,
  word: SourceToken,
  parameters: readonly SourceToken[],
  colon: SourceToken,
  complaints: Complaints,
): void {
  const names = parameters.filter(isWord).map(({ image }) => image);
  const edits = [
    { span: complaints.span(name.startOffset, name.startOffset), text: 'let ' },
    { span: complaints.span(endOf(name), endOf(colon)), text: `(${names.join(', ')}) =` },
  ];
  const written = `let ${name.image}(${names.join(', ')}) = ...`;
  const span = complaints.span(word.startOffset, endOf(word));
  const params = { word: 'lambda', instead: `write \`${written}\`` };
  complaints.add(diagnostic('foreign-keyword', span, params, { fixes: [{ title: `write \`${written}\``, edits }] }), span);
}
