import { type OpNode, Value } from '../../3-graph/graph.js';
import { biasGelu as biasGeluOp } from '../../ops/elementwise/bias-gelu.js';
import { formOf } from '../../ops/forms.js';
import { nth } from '../../ops/only.js';
import { type LinearMap, linearMapOf } from '../linear/linear-map.js';
import { rule } from '../rule.js';

interface Match {
  readonly gelu: OpNode;
  readonly map: LinearMap;
  readonly bias: Value;
}

/**
 * Fuses a bias and the gelu after it into one operator.
 *
 * Before: `y = gelu(x @ w + b)`. After: `y = bias_gelu(x @ w, b)`. Only where the target has a kernel for it; without this rule, ONNX Runtime would fuse the two each time it loads the file.
 */
export const biasGelu = rule<Match>({
  name: 'bias-gelu',
  summary: 'merges a bias and the gelu after it into one operator',
  level: 1,
  match: (gelu, cx) => {
    const [sum] = gelu.inputs;
    if (gelu.op.name !== 'gelu' || gelu.attrs.approximate !== 'none' || !(sum instanceof Value)) return undefined;
    const map = linearMapOf(sum, cx);
    if (map?.bias === undefined || map.kind !== 'matrix' || map.bias.type.shape.length !== 1) return undefined;
    const x = nth(map.product.outputs, 0).type;
    // The kernel does not repeat a single number.
    if (!nth(map.bias.type.shape, 0).equals(nth(x.shape, x.shape.length - 1))) return undefined;
    const form = formOf(biasGeluOp, cx.on, { inputs: { x, bias: map.bias.type }, attrs: {}, outputs: [x] });
    return form === undefined || map.outputAxis !== x.shape.length - 1 ? undefined : { gelu, map, bias: map.bias };
  },
  when: ({ gelu }) => ((gelu.inputs[0] as Value).users.size > 1 ? 'something else reads the sum' : undefined),
  rewrite: (g, { map, bias }) => [g.op('bias_gelu', [nth(map.product.outputs, 0), bias])],
});
