import { keyOf, quoted } from './names.js';

/** The longest line that has a whole value. */
const width = 120;

/** Plain data as a JavaScript expression. What is undefined is left out. */
export function literal(value: unknown, indent = ''): string {
  const flat = flatLiteral(value);
  if (indent.length + flat.length <= width || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${literal(item, inner)},\n`).join('')}${indent}]`;
  const fields = fieldsOf(value).map(([key, field]) => `${inner}${key}: ${literal(field, inner)},\n`);
  return `{\n${fields.join('')}${indent}}`;
}

function flatLiteral(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  const fields = fieldsOf(value).map(([key, field]) => `${key}: ${flatLiteral(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** A name as a key of an object. */
export function propertyKey(name: string): string {
  // Without brackets, it would set the prototype.
  return name === '__proto__' ? "['__proto__']" : keyOf(name);
}

function fieldsOf(value: object): readonly (readonly [key: string, value: unknown])[] {
  return Object.entries(value).flatMap(([key, field]) => (field === undefined ? [] : [[propertyKey(key), field] as const]));
}
