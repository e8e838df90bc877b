import type { Rule } from '../rule.js';

/** Refuses `axes = []`, for which PyTorch gives every element on its own, and other reductions reduce all axes. */
export function demandSomeAxes(rule: Rule, { axes }: { readonly axes?: readonly number[] | undefined }): void {
  if (axes?.length === 0)
    rule.fail('bad-option', { message: 'this list of axes is empty', attr: 'axes', help: 'leave it out to reduce all axes' });
}
