import type { Arg, Expr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { numberOf } from '../values/arithmetic.js';
import { type CheckValue, describe } from '../values/values.js';
import {
  isWithin,
  type OptionRule,
  type OptionTable,
  type OptionValue,
  type Range,
  rangeText,
  type ValueRule,
  wordsFor,
} from './options.js';

/** What arguments say about the options of a table: those that were given, and the expression for the learning rate. */
export interface GivenOptions {
  readonly values: ReadonlyMap<string, OptionValue>;
  readonly rate: Expr | undefined;
}

/** An argument, or a setting in braces: `weight_decay = 0`. */
type Given = Pick<Arg, 'name' | 'spread' | 'value'>;

/**
 * Reads the arguments of an optimizer, a group, a schedule or of `lora`. Reports names that are not in the table, options that are given twice or not at all, and
 * values that do not fit.
 */
export function readOptions(
  cx: Context,
  callee: string,
  table: OptionTable,
  args: readonly Given[],
  site: { readonly span: Span; readonly isComplete: boolean },
): GivenOptions {
  const known = Object.keys(table);
  const byPosition = known.filter((name) => demanded(table[name]));
  const given = new Set<string>();
  const values = new Map<string, OptionValue>();
  let rate: Expr | undefined;
  for (const [position, arg] of args.entries()) {
    if (arg.spread === true) {
      cx.error('spread-argument', arg.value.span, { callee: `\`${callee}\``, record: undefined, got: '', late: false });
      return { values, rate };
    }
    const name = arg.name?.text ?? byPosition[position];
    const { span } = arg.name ?? arg.value;
    if (name === undefined) {
      const options = known.filter((other) => !byPosition.includes(other));
      cx.error('argument-by-name', span, { callee, what: textOf(cx, arg.value), options, written: undefined });
      return { values, rate };
    }
    const rule = Object.hasOwn(table, name) ? table[name] : undefined;
    if (rule === undefined) {
      const near = suggest(name, known);
      cx.error('unknown-argument', span, { callee, name, known, near });
      for (const meant of near) given.add(meant);
    } else if (given.has(name)) cx.error('duplicate-argument', span, { callee, name });
    else if (rule.kind === 'rate') rate = arg.value;
    else {
      const value = optionValue(cx, { callee, name, rule }, arg.value);
      if (value !== undefined) values.set(name, value);
    }
    given.add(name);
  }
  for (const name of site.isComplete ? byPosition : [])
    if (!given.has(name)) cx.error('missing-argument', site.span, { callee, name, kind: wordsFor(table[name] as OptionRule) });
  return { values, rate };
}

/** Whether an option has no default. */
function demanded(rule: OptionRule | undefined): boolean {
  return rule !== undefined && (rule.kind === 'rate' || rule.fallback === undefined);
}

/** All options of a table but the learning rate: those that were given, and the defaults of the others. */
export function withDefaults(table: OptionTable, values: ReadonlyMap<string, OptionValue>): Readonly<Record<string, OptionValue>> {
  const all: Record<string, OptionValue> = {};
  for (const [name, rule] of Object.entries(table)) {
    const value = values.get(name) ?? (rule.kind === 'rate' ? undefined : rule.fallback);
    if (value !== undefined) all[name] = value;
  }
  return all;
}

/** Something that takes a value, for messages. */
interface Taker {
  readonly callee: string;
  readonly name: string;
  readonly rule: ValueRule;
}

/** The value of an option. Undefined if it does not fit, which is reported, or is not known yet. */
export function optionValue(cx: Context, taker: Taker, expr: Expr): OptionValue | undefined {
  const { callee, name, rule } = taker;
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return undefined;
  const misfit = () => {
    cx.error('argument-kind', expr.span, { callee, name, wanted: wordsFor(rule), got: describe(value, (type) => cx.show(type)) });
    return undefined;
  };
  switch (rule.kind) {
    case 'flag':
      return value.kind === 'bool' && value.value !== undefined ? value.value : misfit();
    case 'pair': {
      const items = value.kind === 'tuple' || value.kind === 'list' ? value.items : [];
      const [first, second] = items.map(plainNumber);
      if (items.some(({ kind }) => kind === 'unknown')) return undefined;
      if (items.length !== 2 || first === undefined || second === undefined) return misfit();
      return pairInRange(cx, taker, [first, second], rule.ranges, expr) ? [first, second] : undefined;
    }
    case 'number':
    case 'count': {
      const number = plainNumber(value);
      if (number === undefined || (rule.kind === 'count' && value.kind !== 'int')) return misfit();
      return inRange(cx, taker, number, rule.range, expr) ? number : undefined;
    }
  }
}

function inRange(cx: Context, { callee, name }: Taker, value: number, range: Range, { span }: Expr): boolean {
  if (isWithin(value, range)) return true;
  cx.error('argument-range', span, { callee, name, got: String(value), wanted: rangeText(range) });
  return false;
}

function pairInRange(
  cx: Context,
  { callee, name }: Taker,
  pair: readonly [number, number],
  [first, second]: readonly [Range, Range],
  { span }: Expr,
): boolean {
  if (isWithin(pair[0], first) && isWithin(pair[1], second)) return true;
  const wanted = `a pair of numbers, the first ${rangeText(first)} and the second ${rangeText(second)}`;
  const both = `a pair of numbers, each ${rangeText(first)}`;
  cx.error('argument-range', span, { callee, name, got: `(${pair.join(', ')})`, wanted: first === second ? both : wanted });
  return false;
}

function plainNumber(value: CheckValue): number | undefined {
  return value.kind === 'int' || value.kind === 'float' ? numberOf(value) : undefined;
}

function textOf(cx: Context, { span }: Expr): string {
  return `\`${cx.module.file.text.slice(span.start, span.end)}\``;
}
