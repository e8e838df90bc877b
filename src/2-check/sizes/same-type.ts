import type { Code } from '../../diagnostics/catalog.js';
import type { Span } from '../../diagnostics/span.js';
import { decideEqual } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { Failure } from './failure.js';
import { witnessOf } from './witness-text.js';

/**
 * How two types that must be equal in every run differ; `undefined` if they are equal. A run could not check it, so that only a declaration on its own may leave it
 * open, under `code` at `span`.
 */
export function differenceOf(cx: Context, a: TensorType, b: TensorType, code: Code, span: Span): Failure | undefined {
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return { witness: undefined };
  for (const [i, left] of a.shape.entries()) {
    const right = b.shape[i] ?? Dim.of(0);
    const answer = cx.settle(decideEqual(left, right, cx.facts));
    if (answer.kind === 'proved') continue;
    if (answer.kind === 'unknown' && cx.rigid) cx.leaveOpen(code, span, { kind: 'equal', left, right });
    else return { witness: witnessOf(answer) };
  }
  return undefined;
}
