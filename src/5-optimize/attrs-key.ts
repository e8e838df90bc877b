import { Dim } from '../dims/dim.js';

/** Attributes as text; two texts are equal exactly if the attributes are. */
export function attrsKey(attrs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(attrs, (_, value: unknown) => {
    if (value instanceof Dim) return `dim ${value.key}`;
    return typeof value === 'number' ? numberKey(value) : value;
  });
}

/** A number as it is, or as text if JSON cannot represent it: infinities and NaN would become `null`, and -0 would become 0. */
function numberKey(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : `number ${value}`;
}
