import { composite } from '../define.js';
import { nth } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { isInt } from '../types.js';
import { positionsOf } from '../value-range.js';

export const embedding = composite({
  name: 'embedding',
  family: 'index',
  doc: {
    summary: 'Looks up the rows of a table by integer id.',
    example: 'embedding(weight, ids)',
    source: 'torch.nn.functional.embedding',
  },
  inputs: { weight: '[V, D], one row an id', ids: 'integers of any shape, from 0 to V - 1' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { weight, ids }) => {
    if (isInt(weight.dtype) && !isInt(ids.dtype)) {
      rule.fail('dtype-mismatch', {
        message: `\`embedding\` takes the table first, then the ids, but \`weight\` is ${weight.dtype}`,
        input: 'weight',
        help: 'swap the two; the ids come first in torch.nn.functional only',
      });
    }
    rule.rank('weight', weight, 2, '[V, D]');
    rule.dtype('ids', ids, ['i64', 'i32']);
    return [{ dtype: weight.dtype, shape: [...ids.shape, ...weight.shape.slice(1)] }];
  },
  flops: noFlops,
  ranges: ({ weight }) => ({ ids: positionsOf(nth(weight.shape, 0)) }),
  lower: (g, { weight, ids }) => [g.gather(weight, ids, 0)],
  grad: 'by-lowering',
  samples: [
    { inputs: { weight: floats32([5, 3]), ids: exactly('i64', [2, 3], [0, 4, 1, 1, 2, 0]) } },
    { inputs: { weight: floats32([4, 2]), ids: exactly('i32', [], [3]) } },
  ],
});
