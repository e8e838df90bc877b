import { spanBeside } from '../../diagnostics/anchor.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import type { Op } from '../../ops/define.js';
import type { DType } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { Local, TensorValue } from './values.js';

type Slots = readonly (TensorValue | readonly TensorValue[] | undefined)[];

/** Where the two whole numbers are that `where` chooses between: they make its result i64, and decimal points would make it float. */
export function wholeChoices(op: Op, inputs: Slots): readonly Span[] | undefined {
  const choices = op.name === 'where' ? inputs.slice(1) : [];
  const spans = choices.flatMap((slot) =>
    slot !== undefined && 'kind' in slot && slot.local.literal !== undefined && slot.local.type.dtype === 'i64' ? [slot.local.span] : [],
  );
  return spans.length === 2 ? spans : undefined;
}

/** The fix for such a value where the build's float type is expected. */
export function decimalFixes(cx: Context, { wholeChoices = [] }: Local, wanted: DType | undefined): readonly Fix[] {
  const text = ({ file, start, end }: Span) => (file === cx.module.path ? cx.module.file.text.slice(start, end) : '');
  const isSure = wholeChoices.length > 0 && wholeChoices.every((span) => /^-?[0-9][0-9_]*$/.test(text(span)));
  if (!isSure || wanted !== cx.float) return [];
  const edits = wholeChoices.map((span) => ({ span: spanBeside(span, span.end, span.end), text: '.0' }));
  return [{ title: `write ${wholeChoices.map((span) => `\`${text(span)}.0\``).join(' and ')}`, edits }];
}
