import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { CheckValue } from '../values/values.js';

/** Reports a value that is several outputs of a layer, or a tuple, where one tensor is expected; false if it is something else. */
export function reportSeveral(cx: Context, value: CheckValue, span: Span): boolean {
  if (value.kind !== 'tuple' || value.names === undefined) return false;
  const { items, names, written } = value;
  cx.error('several-outputs', span, {
    count: items.length,
    names: names.map((n, i) => n ?? `out${i}`),
    picked: written === undefined ? names.find((n) => n !== undefined) : undefined,
  });
  return true;
}
