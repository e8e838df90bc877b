import { suggest } from '../diagnostics/suggest.js';
import { Dim } from '../dims/dim.js';
import { type Attr, type AttrKind, openNumber } from './attrs.js';
import type { Op } from './define.js';
import { RuleFailure } from './rule.js';
import { dtypes } from './types.js';

/** The attribute that a user means by `name`: reductions also accept `axis` for `axes`. Undefined if there is none. */
export function attrNamed(op: Op, name: string): string | undefined {
  if (Object.hasOwn(op.attrs, name)) return name;
  return name === 'axis' && Object.hasOwn(op.attrs, 'axes') ? 'axes' : undefined;
}

/**
 * The complete attributes of a call: an omitted (or undefined) one takes its default, and a number becomes a `Dim` or a list where one is
 * expected. Throws `RuleFailure` with code `bad-option` for unknown names, wrong kinds, and missing attributes.
 */
export function completeAttrs(op: Op, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const attrs: Record<string, unknown> = {};
  for (const name in given) {
    const value = given[name];
    if (value === undefined) continue;
    const known = attrNamed(op, name);
    if (known === undefined) throw unknownOption(op, name);
    const attr: Attr<unknown> = op.attrs[known];
    const normal = normalForm(attr.kind, value);
    if (normal === undefined) throw badOption(known, `\`${op.name}\` needs ${kindWords[attr.kind]} as \`${known}\``);
    if (attr.choices !== undefined && !attr.choices.includes(normal as string)) {
      throw badOption(known, `\`${op.name}\` has no \`${known} = "${String(normal)}"\``, choiceHelp(String(normal), attr.choices));
    }
    attrs[known] = normal;
  }
  for (const [name, attr] of op.lists().attrs) {
    if (Object.hasOwn(attrs, name)) continue;
    if (attr.fallback === undefined) throw badOption(undefined, `\`${op.name}\` needs \`${name}\``, `add \`${name} = ..\`: ${attr.doc}`);
    attrs[name] = attr.fallback.value;
  }
  return attrs;
}

/** The choices, with the one that was probably meant: `"bilinear"` of another library is `"linear"`. */
function choiceHelp(given: string, choices: readonly string[]): string {
  const [meant] = suggest(given, choices);
  const all = `choose one of ${choices.map((c) => `"${c}"`).join(', ')}`;
  return meant === undefined ? all : `did you mean "${meant}"? ${all}`;
}

/** The value as shape rules expect it for its kind, or undefined if it is of another kind. */
function normalForm(kind: AttrKind, value: unknown): unknown {
  switch (kind) {
    case 'int':
    case 'axis':
      return isInteger(value) ? value : value instanceof Dim ? value.constant : undefined;
    case 'ints':
    case 'axes':
      return listOf(value, (item) => normalForm('int', item));
    case 'size':
    case 'dim':
      return value instanceof Dim ? value : isInteger(value) ? Dim.of(value) : undefined;
    case 'sizes':
    case 'dims':
      return listOf(value, (item) => normalForm('size', item));
    case 'float':
      if (value === openNumber) return Number.NaN;
      return typeof value === 'number' && !Number.isNaN(value) ? value : value instanceof Dim ? value.constant : undefined;
    case 'floats':
      return listOf(value, (item) => normalForm('float', item));
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'dtype':
      return dtypes.find((dtype) => dtype === value);
    case 'padding':
      return value === 'same' || value === 'valid' ? value : normalForm('sizes', value);
  }
}

/** A list with every item in its normal form; a single item is a list of one. */
function listOf(value: unknown, item: (value: unknown) => unknown): readonly unknown[] | undefined {
  const items = (Array.isArray(value) ? value : [value]).map(item);
  return items.includes(undefined) ? undefined : items;
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

const kindWords: Readonly<Record<AttrKind, string>> = {
  int: 'an integer',
  ints: 'a list of integers',
  size: 'a size',
  sizes: 'a list of sizes',
  dim: 'a size',
  dims: 'a list of sizes',
  axis: 'an axis',
  axes: 'a list of axes',
  float: 'a number',
  floats: 'a list of numbers',
  bool: '`true` or `false`',
  string: 'a string',
  dtype: 'an element type',
  padding: '"same", "valid" or a list of sizes',
};

function unknownOption(op: Op, name: string): RuleFailure {
  const names = Object.keys(op.attrs);
  const help = names.length === 0 ? undefined : `its options are ${names.map((n) => `\`${n}\``).join(', ')}`;
  return badOption(name, `\`${op.name}\` has no option \`${name}\``, help);
}

function badOption(attr: string | undefined, message: string, help?: string): RuleFailure {
  return new RuleFailure('bad-option', { message, attr, help });
}
