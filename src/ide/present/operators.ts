import { Dim } from '../../dims/dim.js';
import type { Attr } from '../../ops/attrs.js';
import type { InputSpec, Op } from '../../ops/define.js';
import type { Callable, Parameter } from './callable.js';
import { inlineCode, prose } from './markdown.js';

/** An operator. */
export function operatorCallable(op: Op): Callable {
  const { inputs, attrs, positionalAttrs, takesSeveral, byPosition } = op.lists();
  const positional = new Set(byPosition.map(([name]) => name));
  const tensors = inputs.map(([name, spec]) => inputParameter(name, spec, positional.has(name)));
  const options = attrs.map(([name, attr]) => attrParameter(name, attr, !takesSeveral && positionalAttrs.includes(name)));
  // The equation of `einsum` comes first.
  const lists =
    op.name === 'einsum' ? [...options.map((option) => ({ ...option, byPosition: true })), ...tensors] : [...tensors, ...options];
  const source = op.doc.source === undefined ? '' : `\n\nAs ${prose(op.doc.source)}.`;
  return {
    name: op.name,
    lists: [lists],
    doc: `${prose(op.doc.summary)}${source}`,
    example: op.doc.example,
    place: { page: 'operators.md', section: op.name },
  };
}

function inputParameter(name: string, spec: InputSpec, byPosition: boolean): Parameter {
  const mode = typeof spec === 'string' ? undefined : spec.mode;
  const doc = typeof spec === 'string' ? spec : spec.doc;
  return {
    name,
    text: mode === 'variadic' ? `*${name}` : mode === 'optional' ? `${name}?` : name,
    isTensor: true,
    isRequired: mode !== 'optional',
    byPosition,
    isVariadic: mode === 'variadic',
    type: mode === 'optional' ? 'Tensor?' : 'Tensor',
    doc: prose(doc),
  };
}

/** An option of an operator. */
export function attrParameter(name: string, attr: Attr<unknown>, byPosition = false): Parameter {
  const { kind, doc, fallback, choices } = attr;
  const value = fallbackText(attr);
  const type = choices === undefined ? kind : choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const among = choices === undefined ? [] : [`One of ${choices.map((choice) => inlineCode(JSON.stringify(choice))).join(', ')}.`];
  return {
    name,
    text: value !== undefined ? `${name} = ${value}` : `${name}: ${kind}${fallback === undefined ? '' : '?'}`,
    isTensor: false,
    isRequired: fallback === undefined,
    byPosition,
    isVariadic: false,
    type,
    fallback: value,
    doc: [prose(doc), ...among].join('\n\n'),
    accepts: { kind, choices: choices ?? (kind === 'padding' ? ['same', 'valid'] : undefined) },
  };
}

/** The default as it would be written; undefined if there is none. */
function fallbackText({ fallback, buildFloat }: Attr<unknown>): string | undefined {
  if (fallback === undefined || fallback.value === undefined) return undefined;
  return buildFloat === true ? 'float_type' : valueText(fallback.value, true);
}

function valueText(value: unknown, isWhole = false): string {
  if (Array.isArray(value)) {
    const [only] = value;
    return value.length === 1 && isWhole ? valueText(only) : `[${value.map((item) => valueText(item)).join(', ')}]`;
  }
  if (value instanceof Dim) return value.toString();
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'string' && isElementType(value) ? value : JSON.stringify(value);
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return value < 0 ? '-inf' : 'inf';
}

function isElementType(value: string): boolean {
  return /^(?:b?f|[iu])\d+$/.test(value);
}
