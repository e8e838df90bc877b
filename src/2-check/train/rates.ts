import type { Expr } from '../../1-syntax/ast.js';
import type { RateSchedule } from '../../api/training.js';
import type { Context } from '../context.js';
import { isNamed } from '../modules/names.js';
import { optionValue, readOptions, withDefaults } from './arguments.js';
import { isSchedule, type ScheduleName, schedules } from './optimizers.js';
import { fromZero } from './options.js';

/** A learning rate: a number, an input of the training graph, or a function of the number of steps that were taken before. */
export type Rate = { readonly kind: 'constant'; readonly value: number } | { readonly kind: 'input' } | Schedule;

export interface Schedule extends RateSchedule {
  readonly kind: 'schedule';
}

/** The value of `lr`. Undefined if it is wrong, which is reported, or is not known yet. */
export function rateOf(cx: Context, optimizer: string, expr: Expr): Rate | undefined {
  if (expr.kind === 'name' && expr.name === 'input') return { kind: 'input' };
  const name = expr.kind === 'call' && expr.callee.kind === 'name' ? expr.callee.name : undefined;
  const isOwn = name !== undefined && (cx.scope.find(name) !== undefined || isNamed(cx, name));
  if (expr.kind === 'call' && name !== undefined && isSchedule(name) && !isOwn) return scheduleOf(cx, name, expr);
  const value = optionValue(cx, { callee: optimizer, name: 'lr', rule: { kind: 'number', range: fromZero } }, expr);
  return typeof value === 'number' ? { kind: 'constant', value } : undefined;
}

function scheduleOf(cx: Context, name: ScheduleName, expr: Extract<Expr, { kind: 'call' }>): Rate | undefined {
  const before = cx.problems.length;
  const { values } = readOptions(cx, name, schedules[name], expr.args, { span: expr.callee.span, isComplete: true });
  const options = withDefaults(schedules[name], values);
  const { peak, warmup = 0, steps = 1, end = 0 } = options;
  const isKnown = typeof peak === 'number' && typeof warmup === 'number' && typeof steps === 'number' && typeof end === 'number';
  if (cx.problems.length > before || !isKnown) return undefined;
  if (name === 'constant') return { kind: 'constant', value: peak };
  if (warmup >= steps) {
    const place = expr.args.find((arg) => arg.name?.text === 'warmup')?.value ?? expr;
    const wanted = `less than \`steps\`, which is ${steps} and counts the warmup, too`;
    cx.error('argument-range', place.span, { callee: name, name: 'warmup', got: String(warmup), wanted });
    return undefined;
  }
  return { kind: 'schedule', name, peak, warmup, steps, end };
}
