import { Dim } from '../dims/dim.js';

/** Attributes as text that is equal exactly for equal attributes. */
export function attrsKey(attrs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(attrs, (_, value: unknown) => (value instanceof Dim ? `dim ${value.key}` : value));
}
