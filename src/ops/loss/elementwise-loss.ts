import type { Attr, Attrs, Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { composite } from '../define.js';
import type { Rule } from '../rule.js';
import { floats32, type SampleTensor } from '../sample.js';
import { elements } from '../sizes.js';
import { demandLosses, demandPair, type Reduction, reduced, reducedType } from './reduction.js';

/** Every elementwise loss has the option `reduction`. */
type LossAttrs = Attrs & { readonly reduction: Attr<Reduction> };

/** What distinguishes one elementwise loss from another. */
interface ElementwiseLoss<A extends LossAttrs> {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly attrs: A;
  /** Demands on the attributes. */
  readonly check?: (rule: Rule, attrs: Values<A>) => void;
  /** One loss for each element of two tensors with the same shape. */
  readonly losses: <V>(g: Builder<V>, x: V, target: V, attrs: Values<A>) => V;
  /** Operations per element. */
  readonly cost: number;
  readonly samples: readonly { readonly x: SampleTensor; readonly target: SampleTensor; readonly attrs?: Partial<Values<A>> }[];
}

/** A loss of `x` against a `target` of the same shape, reduced as `torch.nn.functional` does. */
export function elementwiseLoss<const A extends LossAttrs>(loss: ElementwiseLoss<A>) {
  return composite({
    name: loss.name,
    family: 'loss',
    doc: { summary: loss.summary, example: `${loss.name}(x, target)`, source: loss.source },
    inputs: { x: 'predictions, of any shape', target: 'what they should be, of the same shape' },
    attrs: loss.attrs,
    outputs: ['loss'],
    infer: (rule, { x, target }, attrs) => {
      loss.check?.(rule, attrs);
      demandPair(rule, 'x', x, 'target', target);
      demandLosses(rule, loss.name, x, reductionOf(attrs));
      return [reducedType(x.dtype, x.shape, reductionOf(attrs))];
    },
    flops: ({ x }) => elements(x).mul(loss.cost),
    lower: (g, { x, target }, attrs) => [reduced(g, loss.losses(g, x, target, attrs), reductionOf(attrs))],
    grad: 'by-lowering',
    samples: loss.samples.map(({ x, target, attrs }) => ({ inputs: { x, target }, attrs: attrs ?? {} })),
  });
}

/** The record of attributes is generic here, but `LossAttrs` determines its reduction. */
function reductionOf(attrs: { readonly reduction: unknown }): Reduction {
  return attrs.reduction as Reduction;
}

/** Two float32 tensors with the same shape. */
export function pair(shape: readonly number[], min = -1, max = 1) {
  return { x: floats32(shape, min, max), target: floats32(shape, min, max) };
}
