/** What a value is, for a message that something else was wanted: `undefined`, `a number`, `a list`, `a Float32Array`. */
export function kindOfValue(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object')
    return value.constructor === Object || value.constructor === undefined ? 'an object' : `a ${value.constructor.name}`;
  return `a ${typeof value}`;
}
