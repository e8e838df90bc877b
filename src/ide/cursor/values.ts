import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import type { Param } from '../../1-syntax/ast.js';
import { endOf, isCloser, isWord } from '../../1-syntax/repair/token-kinds.js';
import type { Valued } from '../../2-check/session.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import type { TensorType } from '../../ops/types.js';
import { declaredConfig, declaredValue, topNamed } from '../names/outer.js';
import type { Cursor } from './cursor.js';
import { openingOf } from './frames.js';

/** The value of the largest expression that ends at an offset. */
export function valueEndingAt({ types }: Cursor, end: number): CheckValue | undefined {
  let best: Valued | undefined;
  for (const node of types.keys()) if (node.span.end === end && (best === undefined || node.span.start < best.span.start)) best = node;
  const value = best && types.get(best)?.value;
  return value?.kind === 'unknown' ? undefined : value && presentIn(value);
}

/** What a name means before an offset: the value that it was given last, else that of its declaration. */
export function valueOfName(cursor: Cursor, name: string, offset = cursor.word.start): CheckValue | undefined {
  let best: { readonly start: number; readonly value: CheckValue } | undefined;
  for (const [node, { value }] of cursor.types) {
    if (nameOf(node) !== name || value.kind === 'unknown') continue;
    const { start } = node.span;
    const isNearer =
      best === undefined || (start < offset ? best.start >= offset || start >= best.start : best.start >= offset && start < best.start);
    if (isNearer) best = { start, value };
  }
  if (best !== undefined) return presentIn(best.value);
  const { session, module } = cursor.view.inside;
  return declaredValue(name, session, module) ?? recordOf(cursor, name);
}

/** The `config` of a hyperparameter, if nothing else is known about it. */
function recordOf(cursor: Cursor, name: string): CheckValue | undefined {
  const { item, view } = cursor;
  if (item === undefined || (item.kind !== 'layer' && item.kind !== 'model' && item.kind !== 'fn')) return undefined;
  const params: readonly Param[] = item.kind === 'fn' ? item.params : [...(item.hyper ?? []), ...(item.inputs ?? [])];
  const param = params.find((other) => other.name.text === name);
  const config = param && declaredConfig(param, view.module);
  return config && { kind: 'record', decl: config.decl, module: config.module, fields: new Map(), given: new Set() };
}

function nameOf(node: Valued): string | undefined {
  if (!('kind' in node)) return node.text;
  if (node.kind === 'bind') return node.name.text;
  return node.kind === 'name' ? node.name : undefined;
}

/** Whether a name has a meaning at the top of the file. */
export function isTopName({ view }: Cursor, name: string): boolean {
  const { session, module } = view.inside;
  return topNamed(name, session, module) !== undefined;
}

/** The value of what the tokens before number `end` name or call: `c.heads`, `x`, `lstm(x)`. */
export function valueBefore(cursor: Cursor, end: number): CheckValue | undefined {
  const { tokens } = cursor;
  const last = tokens[end - 1];
  if (last === undefined) return undefined;
  const typed = valueEndingAt(cursor, endOf(last));
  if (typed !== undefined && isCloser(last)) return typed;
  const chain = chainBefore(tokens, end);
  const [first, ...members] = chain;
  if (first === undefined) return typed;
  let value = valueOfName(cursor, first.image, first.startOffset + 1);
  for (const { image } of members) value = value && memberOf(value, image);
  return value ?? typed;
}

/** `a.b.c`: the names that end before number `end`. */
export function chainBefore(tokens: readonly SourceToken[], end: number): readonly SourceToken[] {
  const chain: SourceToken[] = [];
  let i = end - 1;
  for (;;) {
    const token = tokens[i];
    if (token === undefined || !/^[A-Za-z_]/.test(token.image)) break;
    chain.unshift(token);
    if (tokens[i - 1]?.tokenType !== T.Dot) return isWord(token) || token.tokenType === T.hard.model ? chain : [];
    i -= 2;
  }
  return [];
}

/** Where the operand that ends before number `end` begins: `f(x)[0].y` is one. */
export function startOfOperand(tokens: readonly SourceToken[], end: number): number {
  let i = end - 1;
  for (;;) {
    const token = tokens[i];
    if (token === undefined) return i + 1;
    if (isCloser(token) && token.tokenType !== T.RBrace) {
      const open = openingOf(tokens, i);
      if (open === undefined) return i;
      const before = tokens[open - 1];
      const isCalled =
        tokens[open]?.indent === -1 &&
        before !== undefined &&
        (isWord(before) || before.tokenType === T.RParen || before.tokenType === T.RBracket);
      if (!isCalled) return open;
      i = open - 1;
      continue;
    }
    if (tokens[i - 1]?.tokenType === T.Dot) {
      i -= 2;
      continue;
    }
    return i;
  }
}

/** A member of a value, as far as it is known. */
export function memberOf(given: CheckValue, name: string): CheckValue | undefined {
  const value = presentIn(given);
  if (value.kind === 'record') return value.fields.get(name);
  if (value.kind === 'tuple') return value.items[value.names?.indexOf(name) ?? -1];
  return undefined;
}

/** The type of a tensor; that of the only output of several is none. */
export function tensorType(value: CheckValue | undefined): TensorType | undefined {
  const present = value && presentIn(value);
  return present?.kind === 'tensor' ? present.local.type : undefined;
}
