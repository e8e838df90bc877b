import type { MemberExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import { ops } from '../../ops/index.js';
import { opNamed } from '../../ops/registry.js';
import type { Context } from '../context.js';
import { instead } from '../pytorch/names.js';
import { type CheckValue, describe } from '../values/values.js';

/** Reports a member that does not exist, with what was probably meant: a method of a tensor, its shape, or another name of an output. */
export function reportMember(cx: Context, expr: MemberExpr, object: CheckValue): void {
  const { text: name, span } = expr.name;
  if (object.kind === 'tuple' && object.written === undefined) {
    const known = (object.names ?? []).filter((n) => n !== undefined);
    cx.error('unknown-member', span, { name, what: undefined, known, near: suggest(name, known) });
    return;
  }
  const what = describe(object, (t) => cx.show(t));
  if (object.kind === 'record') {
    const known = [...object.fields.keys()];
    const near = suggest(name, known);
    const [best] = near;
    const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span, text: best }] }];
    cx.error('unknown-member', span, { name, what, known, near }, { fixes });
    return;
  }
  const help =
    object.kind === 'tensor'
      ? tensorHelp(cx, name, expr)
      : object.kind === 'list'
        ? 'a list does not change: `xs + [item]` is a new one'
        : undefined;
  cx.error('unknown-member', span, { name, what, known: [], near: [] }, { help });
}

function tensorHelp(cx: Context, name: string, expr: MemberExpr): string {
  const { object } = expr;
  const tensor = object.kind === 'name' ? object.name : 'x';
  if (['shape', 'size', 'ndim', 'dim', 'numel'].includes(name))
    return 'sizes have names: `Tensor[N, T]` in a signature makes `T` a number that can be used in the body';
  const [near] = suggest(
    name,
    ops.map((op) => op.name),
  );
  const other = instead(cx, name, cx.callOf(expr), tensor);
  if (other === tensor) return `leave it out: \`${tensor}\` is the same here`;
  if (other !== undefined) return `functions are not members: write \`${other}\``;
  const fn = opNamed(name)?.name ?? near;
  if (fn !== undefined) return `functions are not members: write \`${fn}(${tensor}, ...)\`, or \`${tensor} -> ${fn}(...)\``;
  return 'a tensor has `.T`; the outputs of a layer have names only if it has several';
}
