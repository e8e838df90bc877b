import { namesOf } from '../../2-check/sizes/unmet.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import { isFloat, type TensorType } from '../../ops/types.js';
import type { FileItem, FileView } from '../file-view.js';

/** The shape of a tensor, or those of several, as they are written in types: `[N, 4*D]`, `<i64>[N]`, `([N, D], [N])`. Undefined for other values. */
export function shapeText(value: CheckValue): string | undefined {
  if (value.kind === 'tensor') return typeText(value.local.type);
  if (value.kind !== 'tuple') return undefined;
  const parts = value.items.map((item) => shapeText(presentIn(item)));
  return parts.length === 0 || parts.includes(undefined) ? undefined : `(${parts.join(', ')})`;
}

/** The type of a tensor, or those of several, as a declaration has it: `Tensor<i64>[N]`. Undefined for other values. */
export function typeCode(value: CheckValue): string | undefined {
  const present = presentIn(value);
  const text = shapeText(present);
  if (text === undefined) return undefined;
  const types = present.kind === 'tensor' ? `Tensor${text}` : text.replace(/(<\w+>)?\[/g, 'Tensor$&');
  return value.kind === 'maybe' ? `${types}?` : types;
}

function typeText({ dtype, shape }: TensorType): string {
  const sizes = `[${withRests(shape.map((size) => `${size}`)).join(', ')}]`;
  return isFloat(dtype) ? sizes : `<${dtype}>${sizes}`;
}

/** The axes of a `*B` have the names `B0`, `B1` while a declaration is checked on its own; together they are `*B`. Sizes that are called so are not told apart. */
function withRests(sizes: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < sizes.length; i++) {
    const [, name] = /^([A-Za-z_]\w*?)0$/.exec(sizes[i] ?? '') ?? [];
    let end = i;
    while (name !== undefined && sizes[end] === `${name}${end - i}`) end++;
    if (end - i >= 2) {
      found.push(`*${name}`);
      i = end - 1;
    } else found.push(sizes[i] ?? '');
  }
  return found;
}

/** Whether the shape of a tensor can be written in a declaration: all its names mean something there. */
export function isWritable(value: CheckValue, view: FileView, item: FileItem): boolean {
  if (value.kind !== 'tensor' || item.kind === 'train') return false;
  const { declared } = namesOf(view.inside.session, item, view.module);
  const known = new Set(declared.map(({ name }) => name.text));
  const used = value.local.type.shape.flatMap((size) => `${size}`.match(/[A-Za-z_][\w.]*/g) ?? []);
  return used.every((name) => known.has(name.split('.')[0] ?? name) || name === 'min' || name === 'max');
}
