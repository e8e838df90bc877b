import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import { type CheckValue, describe } from '../values/values.js';

/** Reports a value that is not a tensor although, as `where` says, one is expected. */
export function reportNotTensor(cx: Context, value: CheckValue, span: Span, where: string, help?: string): void {
  const params = { what: describe(value, (type) => cx.show(type)), isLayer: value.kind === 'layer', where };
  cx.error('not-a-tensor', span, help === undefined ? params : { ...params, help });
}
