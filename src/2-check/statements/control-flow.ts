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
    reportStates(cx, own, frame.kind);
    return { value, steps: own };
  } finally {
    cx.steps = steps;
    cx.frame = outer;
  }
}

/** Reports the first layer with a state in steps that run once for each step of a `scan`, or perhaps not at all: a state has one value for each call. */
function reportStates(cx: Context, steps: readonly Step[], inside: Frame['kind']): void {
  const step = steps.find((other) => other.kind === 'call' && other.instance.size.states > 0);
  if (step?.kind === 'call' && inside !== 'body') cx.error('state-inside', step.span, { layer: step.instance.kind, inside });
}
