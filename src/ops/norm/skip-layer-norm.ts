import { float } from '../attrs.js';
import { composite, optional } from '../define.js';
import { nth, only } from '../only.js';
import { demandEps, demandNotEmpty } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { elements, sameShape } from '../sizes.js';
import { demandNormalShape, normFlops } from './standardize.js';

export const skipLayerNorm = composite({
  name: 'skip_layer_norm',
  family: 'norm',
  doc: {
    summary: 'Layer norm over the last axis of the sum of a tensor, a bias and a residual, and that sum.',
    example: 'skip_layer_norm(x, skip, weight, bias)',
    source: 'com.microsoft.SkipLayerNormalization',
  },
  inputs: {
    x: '`[N, T, C]`, or `[T, C]`',
    skip: 'the residual, of the same shape',
    weight: 'scale: `[C]`',
    bias: optional('shift: `[C]`'),
    input_bias: optional('added to `x`: `[C]`'),
  },
  attrs: { eps: float('is added to the variance', 1e-5) },
  outputs: ['y', 'sum'],
  infer: (rule, { x, skip, weight, bias, input_bias }, { eps }) => {
    demandEps(rule, eps);
    rule.dtype('x', x, 'float');
    rule.rank('x', x, { min: 2, max: 3 }, '[N, T, C]');
    rule.rank('skip', skip, x.shape.length, '[N, T, C]');
    rule.sameDtype('x', x, 'skip', skip);
    for (const [axis, size] of x.shape.entries()) {
      const got = nth(skip.shape, axis);
      rule.equal(got, size, () => ({ message: `\`skip\` has the size ${got} on axis ${axis}, and \`x\` has ${size}`, input: 'skip' }));
    }
    const last = x.shape.length - 1;
    for (const [name, vector] of Object.entries({ weight, bias, input_bias })) demandNormalShape(rule, name, vector, x, last);
    demandNotEmpty(rule, '`skip_layer_norm`', 'x', x, [last]);
    return [x, x];
  },
  flops: ({ x, weight, bias, input_bias }) => normFlops(x, [weight, bias]).add(elements(x).mul(input_bias === undefined ? 1 : 2)),
  lower: (g, { x, skip, weight, bias, input_bias }, { eps }) => {
    const sum = g.add(input_bias === undefined ? x : g.add(x, input_bias), skip);
    return [g.op('layer_norm', [sum, weight, bias], { eps }), sum];
  },
  forms: [
    {
      // On the CPU, its kernel takes 2 to 4 times as long as the operators that it replaces.
      name: 'com.microsoft.SkipLayerNormalization',
      targets: ['webgpu'],
      fits: (_on, { x, skip }) => (x.dtype === 'f32' || x.dtype === 'f16') && sameShape(x, skip),
      onnx: (g, { x, skip, weight, bias, input_bias }, { eps }, [y, sum]) => {
        const type = only([y ?? g.type(x)]);
        const perRow = { dtype: 'f32' as const, shape: type.shape.slice(0, -1) };
        // Mean and deviation are not needed, and are left out of the file, as is the sum if nothing reads it.
        const outputs = [type, perRow, perRow, sum ?? type];
        const results = g.node(
          'SkipLayerNormalization',
          [x, skip, weight, bias, input_bias],
          { epsilon: { float: eps } },
          outputs,
          'com.microsoft',
        );
        return [nth(results, 0), nth(results, 3)];
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 8]), skip: floats32([2, 3, 8]), weight: floats32([8]), bias: floats32([8]) } },
    {
      inputs: { x: floats32([2, 3, 8]), skip: floats32([2, 3, 8]), weight: floats32([8]), bias: floats32([8]), input_bias: floats32([8]) },
      attrs: { eps: 1e-3 },
    },
    { inputs: { x: floats32([3, 6]), skip: floats32([3, 6]), weight: floats32([6]), input_bias: floats32([6]) } },
    { inputs: { x: floats32([1, 2, 5]), skip: floats32([1, 2, 5]), weight: floats32([5]) } },
  ],
});
