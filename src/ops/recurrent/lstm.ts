import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { core, optional } from '../define.js';
import { nth } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import {
  affine,
  backInTime,
  complement,
  firstState,
  gate,
  ofDirection,
  onlyInside,
  previousStates,
  recurrentGradients,
  type Unrolled,
  type UnrolledGradient,
} from './backward.js';
import { demandShape, inferRecurrent, recurrentAttrs, recurrentFlops, recurrentInputs, recurrentOutputs } from './directions.js';
import { recurrentNode } from './node.js';
import { type Cell, runRecurrent, sigmoid } from './run.js';

export const lstm = core({
  name: 'lstm',
  family: 'recurrent',
  doc: {
    summary: 'One layer of long short-term memory in one direction or both; gates in the order input, forget, cell, output.',
    example: 'lstm(x, weight_ih, weight_hh, bias_ih, bias_hh)',
    source: 'Hochreiter and Schmidhuber 1997, torch.nn.LSTM (one layer, batch first), ONNX LSTM',
  },
  inputs: { ...recurrentInputs, c0: optional('first cell state: `[D, N, H]`; zeros if left out') },
  attrs: recurrentAttrs,
  outputs: ['y', 'h', 'c'],
  infer: (rule, x, { direction }) => {
    const sizes = inferRecurrent(rule, 4, x, direction);
    demandShape(rule, 'c0', x.c0, x.x, [Dim.of(sizes.directions), sizes.batch, sizes.hidden]);
    const [y, h] = recurrentOutputs(x.x, sizes);
    return [y, h, h];
  },
  // For each unit, 5 sigmoids or tanhs, 3 products and a sum.
  flops: (x) => recurrentFlops(4, 9, x),
  onnx: (g, x, { direction }, y) => recurrentNode(g, x, { opType: 'LSTM', gates: [0, 3, 1, 2], direction, attrs: {}, c0: x.c0 }, y),
  evaluate: (x, { direction }) => runRecurrent(x, { direction, cell: lstmCell, c0: x.c0, hasCell: true }),
  grad: (g, { x, y, dy, attrs }) =>
    recurrentGradients(g, { x, direction: attrs.direction, y, dy }, (d) => lstmBackward(g, d, x.c0, ofDirection(g, nth(dy, 2), d))),
  samples: [
    {
      inputs: {
        x: floats32([2, 4, 3]),
        weight_ih: floats32([20, 3]),
        weight_hh: floats32([20, 5]),
        bias_ih: floats32([20]),
        bias_hh: floats32([20]),
      },
    },
    {
      inputs: {
        x: floats32([3, 3, 2]),
        weight_ih: floats32([8, 2]),
        weight_hh: floats32([8, 2]),
        h0: floats32([1, 3, 2]),
        c0: floats32([1, 3, 2]),
      },
      attrs: { direction: 'reverse' },
    },
    {
      inputs: {
        x: floats32([3, 4, 2]),
        weight_ih: floats32([12, 2]),
        weight_hh: floats32([12, 3]),
        bias_ih: floats32([12]),
        bias_hh: floats32([12]),
        weight_ih_reverse: floats32([12, 2]),
        weight_hh_reverse: floats32([12, 3]),
        bias_ih_reverse: floats32([12]),
        bias_hh_reverse: floats32([12]),
        h0: floats32([2, 3, 3]),
        c0: floats32([2, 3, 3]),
        lengths: exactly('i64', [3], [2, 4, 1]),
      },
      attrs: { direction: 'bidirectional' },
    },
    {
      inputs: { x: floats32([2, 3, 2]), weight_ih: floats32([8, 2]), weight_hh: floats32([8, 2]), lengths: exactly('i64', [2], [3, 1]) },
    },
    { inputs: { x: floats32([1, 1, 2]), weight_ih: floats32([4, 2]), weight_hh: floats32([4, 1]) } },
  ],
});

/** i, f, o = sigmoid; g = tanh; c = f*c + i*g; h = o*tanh(c) */
const lstmCell: Cell = (fromInput, fromState, { h, c }) => {
  const size = h.length;
  const sum = (index: number) => (fromInput[index] as number) + (fromState[index] as number); // both hold four gates
  for (let j = 0; j < size; j++) {
    const cell = sigmoid(sum(size + j)) * (c[j] as number) + sigmoid(sum(j)) * Math.tanh(sum(2 * size + j));
    c[j] = cell;
    h[j] = sigmoid(sum(3 * size + j)) * Math.tanh(cell);
  }
};

/**
 * With dh and dc of the state after a step: dc += dh*o*(1 - tanh(c)^2); the gates' gradients are di = dc*g*i*(1 - i), df = dc*c'*f*(1 - f),
 * dg = dc*i*(1 - g^2), do = dh*tanh(c)*o*(1 - o), where c' is the cell before; before the step dc' = dc*f and dh' = (di, df, dg, do) @
 * weight_hh. Steps after the end pass both on.
 */
function lstmBackward<V>(g: Builder<V>, d: Unrolled<V>, first: V | undefined, dLastCell: V): UnrolledGradient<V> {
  const sums = g.add(affine(g, d.x, d.weightIh, d.biasIh), affine(g, d.previous, d.weightHh, d.biasHh));
  const input = g.sigmoid(gate(g, sums, d.hidden, 0));
  const forget = g.sigmoid(gate(g, sums, d.hidden, 1));
  const candidate = g.tanh(gate(g, sums, d.hidden, 2));
  const output = g.sigmoid(gate(g, sums, d.hidden, 3));
  const c0 = firstState(g, first, d, d.state);
  // After the end, the cell is unchanged: forget = 1, input = 0.
  const keep = d.mask === undefined ? forget : g.add(g.mul(forget, d.mask), complement(g, d.mask));
  const cells = cellStates(g, d, keep, onlyInside(g, g.mul(input, candidate), d.mask), c0);
  const before = cellsBefore(g, d, cells, c0);
  const bounded = g.tanh(cells);
  const toCell = onlyInside(g, g.mul(output, squareComplement(g, bounded)), d.mask);
  const slopes = [
    g.mul(candidate, sigmoidSlope(g, input)),
    g.mul(before, sigmoidSlope(g, forget)),
    g.mul(input, squareComplement(g, candidate)),
    g.mul(bounded, sigmoidSlope(g, output)),
  ];
  const factor = onlyInside(g, g.concat(slopes, 2), d.mask);
  const operands = [d.dy, toCell, factor, keep, ...(d.mask === undefined ? [] : [complement(g, d.mask)])];
  const { carries, emits } = backInTime(g, d, { carries: [d.dLast, dLastCell], operands }, (s, [dh, dc], items) => {
    const [dy, cell, gates, kept, isAfter] = items as readonly [V, V, V, V, V?];
    const dState = s.add(dy, dh as V);
    const dCell = s.add(dc as V, s.mul(dState, cell));
    const dGates = s.mul(s.concat([dCell, dCell, dCell, dState], 1), gates);
    const through = s.matmul(dGates, d.weightHh);
    const before = isAfter === undefined ? through : s.add(through, s.mul(dState, isAfter));
    return { carries: [before, s.mul(dCell, kept)], emits: [dGates] };
  });
  const all = nth(emits, 0);
  return { fromInput: all, fromState: all, h0: nth(carries, 0), ...(first === undefined ? {} : { c0: nth(carries, 1) }) };
}

/** The cell after each step: c = keep*c + gain. */
function cellStates<V>(g: Builder<V>, d: Unrolled<V>, keep: V, gain: V, first: V): V {
  const { emits } = g.loop({
    carries: [g.squeeze(first, [0])],
    operands: [keep, gain],
    length: d.steps,
    reverse: d.isReverse,
    step: (s, [before], [kept, gained]) => {
      const cell = s.add(s.mul(kept as V, before as V), gained as V);
      return { carries: [cell], emits: [cell] };
    },
  });
  return nth(emits, 0);
}

/** The cell before each step. Cells after the end hold what was there before, so no special cases are needed. */
function cellsBefore<V>(g: Builder<V>, d: Unrolled<V>, cells: V, first: V): V {
  return previousStates(g, cells, first, undefined, d.isReverse);
}

/** `s*(1 - s)` */
function sigmoidSlope<V>(g: Builder<V>, s: V): V {
  return g.mul(s, complement(g, s));
}

/** `1 - t^2` */
function squareComplement<V>(g: Builder<V>, t: V): V {
  return complement(g, g.mul(t, t));
}
