import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { decidedByData } from './new-sizes.js';

/** Reports that something which must be known at compile time depends on sizes that are not. */
export function reportOpen(cx: Context, span: Span, what: string, sizes: Dim | readonly string[], help?: string): void {
  cx.error('not-a-constant', span, { what, sizes }, { help: helpForData(cx, sizes instanceof Dim ? sizes.variables() : sizes) ?? help });
}

/** What to do about a size that the data decide: no option of a build fixes it. */
export function helpForData(cx: Context, names: Iterable<string>): string | undefined {
  const made = decidedByData(cx.newSizes, names);
  return (
    made && `the data decide \`${made.name}\` during the run: use it only as a size of tensors, or \`where(condition, a, b)\` on tensors`
  );
}
