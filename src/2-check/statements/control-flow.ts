import type { TensorType } from '../../ops/types.js';
import type { Step } from '../checked-model.js';
import type { Context, Frame } from '../context.js';

/** What came of the body of control flow. */
export interface Inside<T> {
  readonly value: T;
  readonly steps: readonly Step[];
  /** The sizes that are made in it, new ones in each run: nothing outside has them. */
  readonly sizes: ReadonlySet<string>;
}

/**
 * Runs `work` as the body of control flow: in a block of its own, whose new variables stay inside, and with steps of its own. Everything else, such as labels and
 * facts, belongs to the body around.
 */
export function inControlFlow<T>(cx: Context, frame: Omit<Frame, 'scope'>, work: () => T): Inside<T> {
  const { steps, frame: outer } = cx;
  const own: Step[] = [];
  cx.steps = own;
  try {
    const { value, made } = cx.newSizes.during(() =>
      cx.nested(() => {
        cx.frame = { ...frame, scope: cx.scope };
        return work();
      }),
    );
    reportStates(cx, own, frame.kind);
    return { value, steps: own, sizes: made };
  } finally {
    cx.steps = steps;
    cx.frame = outer;
  }
}

/** The first of some sizes made inside that a type mentions. */
export function sizeInside({ shape }: TensorType, sizes: ReadonlySet<string>): string | undefined {
  return shape.flatMap((size) => [...size.variables()]).find((name) => sizes.has(name));
}

/** Reports the first layer with a state in steps that run once for each step of a `scan`, or perhaps not at all: a state has one value for each call. */
function reportStates(cx: Context, steps: readonly Step[], inside: Frame['kind']): void {
  const step = steps.find((other) => other.kind === 'call' && other.instance.size.states > 0);
  if (step?.kind === 'call' && inside !== 'body') cx.error('state-inside', step.span, { layer: step.instance.kind, inside });
}
