import type { Step } from '../checked-model.js';
import type { Context, Frame } from '../context.js';

/**
 * Runs `work` as the body of control flow: in a block of its own, whose new variables stay inside, and with steps of its own. Everything else, such as labels and
 * facts, belongs to the body around.
 */
export function inControlFlow<T>(
  cx: Context,
  frame: Omit<Frame, 'scope'>,
  work: () => T,
): { readonly value: T; readonly steps: readonly Step[] } {
  const { steps, frame: outer } = cx;
  const own: Step[] = [];
  cx.steps = own;
  try {
    const value = cx.nested(() => {
      cx.frame = { ...frame, scope: cx.scope };
      return work();
    });
    return { value, steps: own };
  } finally {
    cx.steps = steps;
    cx.frame = outer;
  }
}
