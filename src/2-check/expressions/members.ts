import type { MemberExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { methodAdvice } from '../pytorch/methods.js';
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
  const advice = object.kind === 'tensor' ? methodAdvice(cx, expr, object) : { help: listHelp(object), fixes: [] };
  cx.error('unknown-member', span, { name, what, known: [], near: [] }, advice);
}

function listHelp(object: CheckValue): string | undefined {
  return object.kind === 'list' ? 'a list does not change: `xs + [item]` is a new one' : undefined;
}
