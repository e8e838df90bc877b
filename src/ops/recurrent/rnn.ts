import { choice } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { nth } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { backInTime, complement, onlyInside, recurrentGradients, type Unrolled, type UnrolledGradient } from './backward.js';
import { inferRecurrent, recurrentAttrs, recurrentFlops, recurrentInputs, recurrentOutputs } from './directions.js';
import { recurrentNode } from './node.js';
import { type Cell, runRecurrent } from './run.js';

const activations = ['tanh', 'relu'] as const;
type Activation = (typeof activations)[number];

export const rnn = core({
  name: 'rnn',
  family: 'recurrent',
  doc: {
    summary: 'One simple recurrent layer, `h = tanh(W x + U h + b)`, in one direction or both.',
    example: 'rnn(x, weight_ih, weight_hh, bias_ih, bias_hh)',
    source: 'Elman 1990, torch.nn.RNN (one layer, batch first), ONNX RNN. Its gradient needs a constant T',
  },
  inputs: recurrentInputs,
  attrs: { ...recurrentAttrs, activation: choice('the nonlinearity of the state', activations, 'tanh') },
  outputs: ['y', 'h'],
  infer: (rule, x, { direction }) => recurrentOutputs(x.x, inferRecurrent(rule, 1, x, direction)),
  flops: (x) => recurrentFlops(1, 1, x),
  onnx: (g, x, { direction, activation }, y) => {
    const name = activation === 'tanh' ? 'Tanh' : 'Relu';
    const strings = direction === 'bidirectional' ? [name, name] : [name];
    return recurrentNode(g, x, { opType: 'RNN', gates: [0], direction, attrs: { activations: { strings } } }, y);
  },
  evaluate: (x, { direction, activation }) => runRecurrent(x, { direction, cell: rnnCell(activation) }),
  grad: (g, { x, y, dy, attrs }) =>
    recurrentGradients(g, { x, direction: attrs.direction, y, dy }, (d) => rnnBackward(g, d, attrs.activation)),
  samples: [
    {
      inputs: {
        x: floats32([2, 4, 3]),
        weight_ih: floats32([5, 3]),
        weight_hh: floats32([5, 5]),
        bias_ih: floats32([5]),
        bias_hh: floats32([5]),
      },
    },
    {
      inputs: { x: floats32([3, 3, 2]), weight_ih: floats32([4, 2]), weight_hh: floats32([4, 4]), h0: floats32([1, 3, 4]) },
      attrs: { direction: 'reverse', activation: 'relu' },
    },
    {
      inputs: {
        x: floats32([3, 4, 2]),
        weight_ih: floats32([3, 2]),
        weight_hh: floats32([3, 3]),
        bias_ih: floats32([3]),
        bias_hh: floats32([3]),
        weight_ih_reverse: floats32([3, 2]),
        weight_hh_reverse: floats32([3, 3]),
        bias_ih_reverse: floats32([3]),
        bias_hh_reverse: floats32([3]),
        h0: floats32([2, 3, 3]),
        lengths: exactly('i64', [3], [2, 4, 1]),
      },
      attrs: { direction: 'bidirectional' },
    },
  ],
});

function rnnCell(activation: Activation): Cell {
  return (fromInput, fromState, { h }) => {
    for (let j = 0; j < h.length; j++) {
      const sum = (fromInput[j] as number) + (fromState[j] as number); // one gate
      h[j] = activation === 'tanh' ? Math.tanh(sum) : Math.max(sum, 0);
    }
  };
}

/** With dh of the state h after a step: ds = dh*(1 - h^2), or dh where h > 0; before the step dh' = ds @ weight_hh. */
function rnnBackward<V>(g: Builder<V>, d: Unrolled<V>, activation: Activation): UnrolledGradient<V> {
  const slope =
    activation === 'tanh'
      ? complement(g, g.mul(d.state, d.state))
      : g.cast(g.greater(d.state, g.scalar(0, d.state)), g.type(d.state).dtype);
  const factor = onlyInside(g, slope, d.mask);
  const operands = [d.dy, factor, ...(d.mask === undefined ? [] : [complement(g, d.mask)])];
  const { carries, emits } = backInTime(g, d, { carries: [d.dLast], operands }, (s, state, [dy, slope, isAfter]) => {
    const dState = s.add(dy as V, nth(state, 0));
    const dSum = s.mul(dState, slope as V);
    const through = s.matmul(dSum, d.weightHh);
    return { carries: [isAfter === undefined ? through : s.add(through, s.mul(dState, isAfter))], emits: [dSum] };
  });
  const all = nth(emits, 0);
  return { fromInput: all, fromState: all, h0: nth(carries, 0) };
}
