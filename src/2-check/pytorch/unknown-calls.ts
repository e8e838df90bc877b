import type { Expr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { TensorValue } from '../values/values.js';
import { instead } from './names.js';
import { sourceOf } from './source.js';
import type { Receiver } from './written-call.js';

/** What to write instead of a PyTorch name. */
export interface Instead {
  readonly text: string;
  /** What it replaces, if nothing in it is missing. */
  readonly span: Span | undefined;
  /** Whether it is what the function is applied to. */
  readonly isIdentity: boolean;
}

/** What to write for a name of PyTorch that is called here, or is a stage of a pipeline. */
export function writtenFor(cx: Context, callee: Expr, name: string): Instead | undefined {
  const stage = cx.stageOf(callee);
  const tensor = stage?.left.value.kind === 'tensor' ? stage.left.value : undefined;
  const receiver = stage === undefined || tensor === undefined ? undefined : receiverOf(cx, stage.left.span, tensor);
  const call = stage?.call ?? cx.callOf(callee);
  const other = instead(cx, name, call, receiver);
  if (other === undefined) return undefined;
  const text = receiver === undefined ? other.text : stageOf(other.text, receiver.text);
  const isIdentity = other.text === (receiver?.text ?? 'x');
  const span =
    !other.isComplete || isIdentity || text === undefined ? undefined : (call?.span ?? (stage === undefined ? undefined : callee.span));
  return { text: text ?? other.text, span, isIdentity };
}

function receiverOf(cx: Context, span: Span, { local }: TensorValue): Receiver {
  return { text: sourceOf(cx, span), rank: local.type.shape.length };
}

/** `f(x, 1)` as the stage `f(1)` after `x`. Undefined if it has another form. */
function stageOf(text: string, tensor: string): string | undefined {
  const open = text.indexOf('(');
  if (!/^\w+$/.test(text.slice(0, open)) || !text.endsWith(')') || !text.startsWith(tensor, open + 1)) return undefined;
  const rest = text.slice(open + 1 + tensor.length, -1);
  if (rest === '') return text.slice(0, open);
  return rest.startsWith(', ') ? `${text.slice(0, open)}(${rest.slice(2)})` : undefined;
}

export function helpOf({ text, isIdentity }: Instead): string {
  return isIdentity ? 'leave it out: it changes nothing' : `write \`${text}\``;
}
