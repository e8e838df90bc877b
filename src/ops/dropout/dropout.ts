import { float, positional } from '../attrs.js';
import { composite } from '../define.js';
import { demandProbability } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';

export const dropout = composite({
  name: 'dropout',
  family: 'dropout',
  doc: {
    summary: 'Sets elements to zero at random while training; at inference it does nothing.',
    example: 'x -> dropout(p = 0.1)',
    source: 'Srivastava et al. 2014, torch.nn.functional.dropout(training=False)',
  },
  inputs: { x: 'any float tensor' },
  attrs: { p: positional(float('probability that an element is dropped', 0.5)) },
  outputs: ['y'],
  infer: (rule, { x }, { p }) => {
    rule.dtype('x', x, 'float');
    demandProbability(rule, 'p', p);
    return [x];
  },
  flops: noFlops,
  effects: 'random',
  isIdentity: () => true,
  lower: (_g, { x }) => [x],
  grad: 'by-lowering',
  samples: [{ inputs: { x: floats32([2, 3]) }, attrs: { p: 0.1 } }, { inputs: { x: floats32([4]) } }],
});
