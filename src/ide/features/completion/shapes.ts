import type { TensorType } from '../../../ops/types.js';
import type { Cursor } from '../../cursor/cursor.js';
import { localsAt } from '../../cursor/locals.js';
import { Places, snippetText } from './item.js';

/** The sizes of a type as `as` would write them: those without a name in scope are places. Undefined if some cannot be written. */
export function shapeText(cursor: Cursor, { shape }: TensorType): { readonly label: string; readonly snippet: string } | undefined {
  const known = new Set(localsAt(cursor).map(({ name }) => name));
  const places = new Places();
  const parts: string[] = [];
  for (const size of shape) {
    const names = [...size.variables()];
    const text = size.toString();
    if (names.every((name) => known.has(name))) parts.push(snippetText(text));
    else if (/^[A-Za-z_]\w*$/.test(text)) parts.push(places.place(text));
    else return undefined;
  }
  return { label: `[${shape.map(String).join(', ')}]`, snippet: `[${parts.join(', ')}]` };
}
