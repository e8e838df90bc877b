import type { Note } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { TensorValue } from '../values/values.js';

/** What an input of an operator is given: a tensor, several for a variadic one, or nothing. */
export type Slot = TensorValue | readonly TensorValue[] | undefined;

/** Notes about where the first operands of a call at `span` come from, if that is elsewhere in its file. */
export function operandNotes(cx: Context, inputs: readonly Slot[], span: Span): readonly Note[] {
  const notes: Note[] = [];
  const isNoted = (origin: Span) => notes.some((note) => note.span.start === origin.start && note.span.end === origin.end);
  for (const { local } of inputs.flatMap((slot) => (slot === undefined ? [] : 'kind' in slot ? [slot] : slot))) {
    const { span: origin, hint, type } = local;
    // A number is self-explanatory.
    if (hint === undefined && type.shape.length === 0) continue;
    if (origin.file !== span.file || isInside(origin, span) || isInside(span, origin) || isNoted(origin)) continue;
    notes.push({ span: origin, text: `${hint === undefined ? 'this' : `\`${hint}\``} is ${cx.show(type)}` });
  }
  return notes.slice(0, 3);
}

export function isInside(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}
