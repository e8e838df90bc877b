import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { nth } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { affine, backInTime, complement, gate, onlyInside, recurrentGradients, type Unrolled, type UnrolledGradient } from './backward.js';
import { inferRecurrent, recurrentAttrs, recurrentFlops, recurrentInputs, recurrentOutputs } from './directions.js';
import { recurrentNode } from './node.js';
import { type Cell, runRecurrent, sigmoid } from './run.js';

export const gru = core({
  name: 'gru',
  family: 'recurrent',
  doc: {
    summary: 'One layer of gated recurrent units in one direction or both; gates in the order reset, update, new.',
    example: 'gru(x, weight_ih, weight_hh, bias_ih, bias_hh)',
    source: 'Cho et al. 2014, torch.nn.GRU (one layer, batch first), ONNX GRU with linear_before_reset. Its gradient needs a constant T',
  },
  inputs: recurrentInputs,
  attrs: recurrentAttrs,
  outputs: ['y', 'h'],
  infer: (rule, x, { direction }) => recurrentOutputs(x.x, inferRecurrent(rule, 3, x, direction)),
  // For each unit, 2 sigmoids, a tanh, 3 products and 3 sums.
  flops: (x) => recurrentFlops(3, 9, x),
  onnx: (g, x, { direction }, y) =>
    recurrentNode(g, x, { opType: 'GRU', gates: [1, 0, 2], direction, attrs: { linear_before_reset: { int: 1 } } }, y),
  evaluate: (x, { direction }) => runRecurrent(x, { direction, cell: gruCell }),
  grad: (g, { x, y, dy, attrs }) => recurrentGradients(g, { x, direction: attrs.direction, y, dy }, (d) => gruBackward(g, d)),
  samples: [
    {
      inputs: {
        x: floats32([2, 4, 3]),
        weight_ih: floats32([15, 3]),
        weight_hh: floats32([15, 5]),
        bias_ih: floats32([15]),
        bias_hh: floats32([15]),
      },
    },
    {
      inputs: { x: floats32([3, 3, 2]), weight_ih: floats32([6, 2]), weight_hh: floats32([6, 2]), h0: floats32([1, 3, 2]) },
      attrs: { direction: 'reverse' },
    },
    {
      inputs: {
        x: floats32([3, 4, 2]),
        weight_ih: floats32([9, 2]),
        weight_hh: floats32([9, 3]),
        bias_ih: floats32([9]),
        bias_hh: floats32([9]),
        weight_ih_reverse: floats32([9, 2]),
        weight_hh_reverse: floats32([9, 3]),
        bias_ih_reverse: floats32([9]),
        bias_hh_reverse: floats32([9]),
        h0: floats32([2, 3, 3]),
        lengths: exactly('i64', [3], [2, 4, 1]),
      },
      attrs: { direction: 'bidirectional' },
    },
  ],
});

/** r, z = sigmoid; n = tanh(from input + r * from state); h = (1 - z)*n + z*h */
const gruCell: Cell = (fromInput, fromState, { h }) => {
  const size = h.length;
  const value = (list: Float64Array, index: number) => list[index] as number; // both hold three gates
  for (let j = 0; j < size; j++) {
    const reset = sigmoid(value(fromInput, j) + value(fromState, j));
    const update = sigmoid(value(fromInput, size + j) + value(fromState, size + j));
    const fresh = Math.tanh(value(fromInput, 2 * size + j) + reset * value(fromState, 2 * size + j));
    h[j] = (1 - update) * fresh + update * value(h, j);
  }
};

/**
 * With dh of the state after a step and h' the state before it: dz = dh*(h' - n)*z*(1 - z), dn = dh*(1 - z)*(1 - n^2), dr = dn*(state part
 * of n)*r*(1 - r); before the step dh' = dh*z + (dr, dz, dn*r) @ weight_hh. Steps after the end pass dh on.
 */
function gruBackward<V>(g: Builder<V>, d: Unrolled<V>): UnrolledGradient<V> {
  const fromInput = affine(g, d.x, d.weightIh, d.biasIh);
  const fromState = affine(g, d.previous, d.weightHh, d.biasHh);
  const both = (index: number) => g.add(gate(g, fromInput, d.hidden, index), gate(g, fromState, d.hidden, index));
  const reset = g.sigmoid(both(0));
  const update = g.sigmoid(both(1));
  const stateOfNew = gate(g, fromState, d.hidden, 2);
  const fresh = g.tanh(g.add(gate(g, fromInput, d.hidden, 2), g.mul(reset, stateOfNew)));
  const ofUpdate = g.mul(g.sub(d.previous, fresh), g.mul(update, complement(g, update)));
  const ofNew = g.mul(complement(g, update), complement(g, g.mul(fresh, fresh)));
  const ofReset = g.mul(g.mul(ofNew, stateOfNew), g.mul(reset, complement(g, reset)));
  const inputFactor = onlyInside(g, g.concat([ofReset, ofUpdate, ofNew], 2), d.mask);
  const stateFactor = onlyInside(g, g.concat([ofReset, ofUpdate, g.mul(ofNew, reset)], 2), d.mask);
  const keep = d.mask === undefined ? update : g.add(g.mul(update, d.mask), complement(g, d.mask));
  const loop = { carries: [d.dLast], operands: [d.dy, stateFactor, keep] };
  const { carries, emits } = backInTime(g, d, loop, (s, state, [dy, factor, kept]) => {
    const dState = s.add(dy as V, nth(state, 0));
    const dGates = s.mul(s.concat([dState, dState, dState], 1), factor as V);
    return { carries: [s.add(s.matmul(dGates, d.weightHh), s.mul(dState, kept as V))], emits: [dState] };
  });
  const dStates = nth(emits, 0);
  const repeated = g.concat([dStates, dStates, dStates], 2);
  return { fromInput: g.mul(repeated, inputFactor), fromState: g.mul(repeated, stateFactor), h0: nth(carries, 0) };
}
