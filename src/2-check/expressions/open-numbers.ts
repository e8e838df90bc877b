import type { Argument, CallSite, Context } from '../context.js';
import { promote } from '../values/scalars.js';
import { type CheckValue, type TensorValue, unknown } from '../values/values.js';

/** The operator on two values that corresponds to the compile-time function on all. */
const joining: ReadonlyMap<string, string> = new Map([
  ['max', 'maximum'],
  ['min', 'minimum'],
  ['sum', 'add'],
]);

/** Whether a call such as `sum([a, b])` combines a list of tensors, which may include numbers. */
export function joinsTensors(name: string, args: readonly Argument[]): boolean {
  const [first] = args;
  const items = first?.value.kind === 'list' || first?.value.kind === 'tuple' ? first.value.items : [];
  return joining.has(name) && args.length === 1 && items.some((item) => item.kind === 'tensor');
}

/**
 * The result of `sum`, `max` or `min` on tensors, element by element; also the float that these, or `float(T)`, give for sizes that are
 * known only at run time: a scalar of the build's float type that is computed at run time. `undefined` if there is anything else among
 * them.
 */
export function joinAtRunTime(cx: Context, name: string, args: readonly Argument[], site: CallSite): CheckValue | undefined {
  const [first] = args.map((arg) => arg.value);
  const isList = args.length === 1 && (first?.kind === 'list' || first?.kind === 'tuple');
  const items = isList ? first.items : args.map((arg) => arg.value);
  const tensor = items.find((item) => item.kind === 'tensor');
  const dtype = tensor?.local.type.dtype ?? cx.float;
  const operator = joining.get(name);
  let result: TensorValue | undefined;
  for (const item of items) {
    const next = item.kind === 'unknown' ? item : promote(cx, item, dtype, site.span);
    if (next === undefined || next.kind === 'unknown') return next;
    if (result === undefined) result = next;
    else {
      const joined = operator === undefined ? unknown : cx.interpreter.callOp(cx, operator, [result, next], {}, site.span);
      if (joined.kind !== 'tensor') return unknown;
      result = joined;
    }
  }
  return result;
}
