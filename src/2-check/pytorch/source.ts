import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { Argument, Context } from '../context.js';

export function sourceOf(cx: Context, span: Span): string {
  return cx.module.file.text.slice(span.start, span.end);
}

/** From the first argument to the last, including names; undefined if they are not written in a list. */
export function spanOfList(args: readonly Argument[]): Span | undefined {
  const [first] = args;
  const last = args.at(-1);
  if (first === undefined || last === undefined || args.some((a) => a.expr === undefined)) return undefined;
  return spanBeside(first.span, (first.nameSpan ?? first.span).start, last.span.end);
}
