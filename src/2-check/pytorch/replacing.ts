import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import { asOperand } from './written-call.js';

/** What to write, and the fix that does so. */
export interface Advice {
  readonly help: string;
  readonly fixes: readonly Fix[];
}

/** The fix that replaces an expression, in brackets where the surrounding expression would otherwise bind a part of it. */
export function replacing(cx: Context, span: Span, text: string): readonly Fix[] {
  const source = cx.module.file.text;
  const standsAlone =
    /(?:[=(,[]|\breturn)\s*$/.test(source.slice(0, span.start)) && /^[^\S\n]*(?:[\n),\]}]|$)/.test(source.slice(span.end));
  return [{ title: `write \`${text}\``, edits: [{ span, text: standsAlone ? text : asOperand(text) }] }];
}
