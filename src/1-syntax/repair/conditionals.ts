import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { closerOf, endOf, endsOperand, farthest, isCloser } from './token-kinds.js';

/** Reports `a if c else b`, and passes on `a`. */
export function repairConditionals(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some((token, i) => isInfix(token, tokens[i - 1]))) return tokens;
  const out: SourceToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    const rest = isInfix(token, out.at(-1)) ? restOf(tokens, i) : undefined;
    if (rest === undefined) {
      out.push(token);
      continue;
    }
    report(out, token, rest, complaints);
    i += rest.condition.length + 1 + rest.otherwise.length;
  }
  return out;
}

/** Whether a token is the `if` of `a if c else b`, which follows an operand on its line. */
function isInfix(token: SourceToken, before: SourceToken | undefined): boolean {
  return token.tokenType === T.hard.if && token.indent < 0 && endsOperand(before);
}

interface Rest {
  readonly condition: readonly SourceToken[];
  readonly otherwise: readonly SourceToken[];
}

/** What follows the `if` at `i`, if there is an `else` on its line. */
function restOf(tokens: readonly SourceToken[], i: number): Rest | undefined {
  let otherwise: number | undefined;
  let depth = 0;
  let end = i + 1;
  for (let next = tokens[end]; next !== undefined && next.indent < 0; next = tokens[++end]) {
    if (end - i > farthest) return undefined;
    const type = next.tokenType;
    if (type === T.LBrace || type === T.RBrace) break;
    if (depth === 0 && (isCloser(next) || (otherwise !== undefined && (type === T.Comma || type === T.Arrow)))) break;
    if (isCloser(next)) depth--;
    else if (closerOf.has(type)) depth++;
    else if (depth === 0 && type === T.hard.else && otherwise === undefined) otherwise = end;
  }
  if (otherwise === undefined) return undefined;
  return { condition: tokens.slice(i + 1, otherwise), otherwise: tokens.slice(otherwise + 1, end) };
}

function report(out: readonly SourceToken[], token: SourceToken, { condition, otherwise }: Rest, complaints: Complaints): void {
  const value = valueBefore(out);
  const params = { value: textOf(value), condition: textOf(condition), otherwise: textOf(otherwise) };
  const end = endOf(otherwise.at(-1) ?? token);
  const span = complaints.span(token.startOffset, end);
  const whole = complaints.span(value[0]?.startOffset ?? token.startOffset, end);
  const text = `if ${params.condition} { ${params.value} } else { ${params.otherwise} }`;
  const fixes = value.length === 0 || otherwise.length === 0 ? [] : [{ title: `write \`${text}\``, edits: [{ span: whole, text }] }];
  complaints.add(diagnostic('python-conditional', span, params, { fixes }), span);
}

/** The tokens of the value before an `if`: back to where an expression begins; none where it follows a stage. */
function valueBefore(out: readonly SourceToken[]): readonly SourceToken[] {
  let depth = 0;
  for (let i = out.length - 1; i >= 0; i--) {
    const { tokenType: type, indent } = out[i] as SourceToken; // in range
    if (type === T.Arrow && depth === 0) return [];
    if (isCloser(out[i] as SourceToken)) depth++;
    else if (closerOf.has(type) && depth-- === 0) return out.slice(i + 1);
    if (depth === 0 && (type === T.Eq || type === T.Comma || type === T.hard.return || type === T.hard.in)) return out.slice(i + 1);
    if (indent >= 0) return out.slice(i);
  }
  return [];
}

/** The text of tokens on one line, with their spaces. */
function textOf(tokens: readonly SourceToken[]): string {
  return tokens.map((token, i) => (i > 0 && token.startOffset > endOf(tokens[i - 1]) ? ' ' : '') + token.image).join('');
}
