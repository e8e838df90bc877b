import type { Arg } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { numberOf } from '../values/arithmetic.js';
import { type CheckValue, describe } from '../values/values.js';
import { type ArgKind, type ArgTable, argWords } from './optimizers.js';

/** Checks names, positions and kinds of the arguments of an optimizer or of `lora`. A number may be `input`: the host supplies it at each step. */
export function checkArguments(cx: Context, callee: string, table: ArgTable, args: readonly Arg[]): void {
  const known = Object.keys(table);
  const given = new Set<string>();
  for (const [position, arg] of args.entries()) {
    if (arg.spread === true) {
      cx.error('spread-argument', arg.value.span, { callee: `\`${callee}\``, record: undefined, got: '', late: false });
      return;
    }
    const isInput = arg.value.kind === 'name' && arg.value.name === 'input';
    const value = isInput ? undefined : cx.evaluate(arg.value);
    const what = value === undefined ? '`input`' : describe(value, (type) => cx.show(type));
    const name = arg.name?.text ?? known[position];
    const { span } = arg.name ?? arg.value;
    if (name === undefined) {
      cx.error('too-many-arguments', span, { callee, what, max: known.length, known });
      return;
    }
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined) cx.error('unknown-argument', span, { callee, name, known, near: suggest(name, known) });
    else if (given.has(name)) cx.error('duplicate-argument', span, { callee, name });
    else if (value === undefined ? kind !== 'number' : !fits(value, kind))
      cx.error('argument-kind', arg.value.span, { callee, name, wanted: argWords[kind], got: what });
    given.add(name);
  }
}

/** A number, as after `clip_norm`. */
export function checkNumber(cx: Context, name: string, value: CheckValue, span: Span): void {
  if (!fits(value, 'number'))
    cx.error('argument-kind', span, { callee: 'train', name, wanted: argWords.number, got: describe(value, (type) => cx.show(type)) });
}

function fits(value: CheckValue, kind: ArgKind): boolean {
  if (value.kind === 'unknown') return true;
  switch (kind) {
    case 'number':
      return value.kind === 'int' || value.kind === 'float';
    case 'count':
      return value.kind === 'int' && (numberOf(value) ?? 1) >= 1;
    case 'pair':
      return (value.kind === 'tuple' || value.kind === 'list') && value.items.length === 2 && value.items.every((v) => fits(v, 'number'));
    case 'flag':
      return value.kind === 'bool';
  }
}
