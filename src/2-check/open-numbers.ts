import type { Argument, CallSite, Context } from './context.js';
import { promote } from './scalars.js';
import { type CheckValue, type TensorValue, unknown } from './values.js';

/** The operator that joins two numbers as a function of the compiler joins all. */
const joining: ReadonlyMap<string, string> = new Map([
  ['max', 'maximum'],
  ['min', 'minimum'],
  ['sum', 'add'],
]);

/**
 * The float that `float(T)`, `max(T, 0.5)`, `min` or `sum` is where `T` is known at run time only: a scalar of the build's float type that is
 * computed there.
 */
export function floatAtRunTime(cx: Context, name: string, args: readonly Argument[], site: CallSite): CheckValue {
  const [first] = args.map((arg) => arg.value);
  const isList = args.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple');
  const items = isList ? first.items : args.map((arg) => arg.value);
  const operator = joining.get(name);
  let result: TensorValue | undefined;
  for (const item of items) {
    const next = promote(cx, item, cx.float, site.span);
    if (next === undefined || next === 'reported') return unknown;
    if (result === undefined) result = next;
    else {
      const joined = operator === undefined ? unknown : cx.interpreter.callOp(cx, operator, [result, next], {}, site.span);
      if (joined.kind !== 'tensor') return unknown;
      result = joined;
    }
  }
  return result ?? unknown;
}
