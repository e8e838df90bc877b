import type { Code } from '../../diagnostics/catalog.js';
import type { Span } from '../../diagnostics/span.js';
import { decideFact } from '../../dims/decide.js';
import type { Fact } from '../../dims/fact.js';
import type { Context } from '../context.js';
import { witnessOf } from './witness-text.js';

/** How a demand fails: for some sizes, such as those of the witness, or for all. */
export interface Failure {
  readonly witness: string | undefined;
}

/** How a demand fails; `undefined` if it does not. What is neither proved nor refuted is left open, under `code` at `span`. */
export function failureOf(cx: Context, demand: Fact, code: Code, span: Span): Failure | undefined {
  const answer = cx.settle(decideFact(demand, cx.facts));
  if (answer.kind === 'proved') return undefined;
  if (answer.kind !== 'unknown') return { witness: witnessOf(answer) };
  cx.leaveOpen(code, span, demand);
  return undefined;
}
