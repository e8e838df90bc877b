import type { Name, Pattern } from '../../1-syntax/ast.js';
import type { BoundRole, Context } from '../context.js';
import { share } from '../layers/sharing.js';
import type { Binding } from '../modules/scope.js';
import { type CheckValue, describe, type TensorValue, unknown } from '../values/values.js';

/** Gives a name a value in the innermost block. */
export function define(cx: Context, name: Name, value: CheckValue, role: Binding['role']): void {
  const { text, span } = name;
  if (text === '' || text === '_') return;
  cx.session.observer?.(name, value);
  cx.scope.define(text, { value, span, role });
}

/** Binds a name as a statement or pattern does; a variable belongs to the body, or to the block of control flow that it is assigned in. */
export function bindName(
  cx: Context,
  target: Extract<Pattern, { kind: 'bind' }>,
  value: CheckValue,
  role: BoundRole,
  absent?: Binding['absent'],
): void {
  const { text, span } = target.name;
  if (text === '' || text === '_') return;
  if (role === 'variable' && (refuseFixed(cx, target.name) || refuseOuter(cx, target.name))) return;
  const named = value.kind === 'tensor' && value.local.hint === undefined ? rename(cx, value, text) : value;
  const binding: Binding = { value: named, span, role, absent };
  cx.session.observer?.(target, named);
  if (role === 'variable') cx.scope.assign(text, binding, cx.frame.scope);
  else cx.scope.define(text, binding);
}

/** Reports an assignment to a name whose value is fixed. */
export function refuseFixed(cx: Context, { text, span }: Name): boolean {
  const known = cx.scope.find(text, cx.body);
  if (known === undefined || known.role === 'variable' || known.role === 'input' || known.role === 'loop') return false;
  const isState = known.value.kind === 'tensor' && cx.states.has(known.value.local);
  cx.error(
    'cannot-assign',
    span,
    { name: text, role: known.role, next: isState ? text : undefined },
    { notes: [{ span: known.span, text: 'defined here' }] },
  );
  return true;
}

/** Reports an assignment in a scan to a variable of the body around it, which is not passed to the next step and would keep its value. */
function refuseOuter(cx: Context, { text, span }: Name): boolean {
  const { kind, scope } = cx.frame;
  const known = kind === 'scan' && cx.scope.find(text, scope) === undefined ? cx.scope.find(text, cx.body) : undefined;
  if (known === undefined) return false;
  cx.error(
    'outer-variable',
    span,
    { name: text },
    { notes: [{ span: known.span, text: `\`${text}\` belongs to the body around the scan` }] },
  );
  return true;
}

/** Locals are made before their name is known. */
function rename(cx: Context, value: TensorValue, hint: string): TensorValue {
  const local = value.local as { hint: string | undefined };
  local.hint = hint;
  cx.session.onRollback(() => {
    local.hint = undefined;
  });
  return value;
}

/** `(a, b) = ...`; a final `_` takes all that remains. */
export function bindPattern(cx: Context, pattern: Pattern, value: CheckValue, role: BoundRole): void {
  if (pattern.kind === 'bind') {
    const { text, span } = pattern.name;
    bindName(cx, pattern, role === 'variable' ? share(cx, value, text, span) : value, role);
    return;
  }
  if (value.kind !== 'tuple' && value.kind !== 'list') {
    if (value.kind !== 'unknown')
      cx.error('not-a-tuple', pattern.span, { count: pattern.items.length, what: describe(value, (t) => cx.show(t)) });
    for (const item of pattern.items) bindPattern(cx, item, unknown, role);
    return;
  }
  const last = pattern.items.at(-1);
  const open = last?.kind === 'bind' && last.name.text === '_' && value.items.length >= pattern.items.length;
  if (!open && value.items.length !== pattern.items.length) {
    cx.error('tuple-length', pattern.span, {
      wanted: pattern.items.length,
      got: value.items.length,
      names: value.kind === 'tuple' ? value.names : undefined,
    });
    for (const item of pattern.items) bindPattern(cx, item, unknown, role);
    return;
  }
  for (const [i, item] of pattern.items.entries()) bindPattern(cx, item, value.items[i] ?? unknown, role);
}
