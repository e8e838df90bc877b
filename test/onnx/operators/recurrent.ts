import type { NodeCall, Translation } from '../node-call.js';

/** The block of one direction of a stacked ONNX weight, without its first axis. */
function block<V>(c: NodeCall<V>, i: number, direction: number): V | undefined {
  const x = c.x[i];
  return x === undefined ? undefined : c.g.op('index_at', [x], { axis: 0, position: direction });
}

/** Gates from ONNX's order into PyTorch's. */
function regated<V>(c: NodeCall<V>, x: V | undefined, order: readonly number[]): V | undefined {
  if (x === undefined) return undefined;
  const gates = c.g.call('split', [x], { parts: order.length, axis: 0 });
  return c.g.concat(
    order.map((gate) => gates[gate]!),
    0,
  );
}

/** One recurrent node; `order` says which ONNX gate stands at each of PyTorch's places. */
const recurrent =
  (name: string, order: readonly number[]): Translation =>
  (c) => {
    const direction = c.string('direction', 'forward');
    const isBatchFirst = c.int('layout', 0) === 1;
    const x = isBatchFirst ? c.in(0) : c.g.transpose(c.in(0), [1, 0, 2]);
    const weights = Array.from({ length: direction === 'bidirectional' ? 2 : 1 }, (_, d) => {
      const bias = block(c, 3, d);
      const biases = bias === undefined ? undefined : c.g.call('split', [bias], { parts: 2, axis: 0 });
      return [block(c, 1, d), block(c, 2, d), biases?.[0], biases?.[1]].map((w) => regated(c, w, order));
    });
    const [forward, backward = [undefined, undefined, undefined, undefined]] = weights;
    const lengths = c.x[4] === undefined ? undefined : c.g.cast(c.in(4), 'i64');
    const initial = c.x[5];
    const cell = name === 'lstm' ? [c.x[6]] : [];
    const [y, h, cells] = c.g.call(name, [x, ...forward!, ...backward, initial, lengths, ...cell], { direction });
    if (c.x[7] !== undefined) c.otherValues = 'the LSTM has no peepholes, as in PyTorch';
    const isSingleStep = c.g.shape(x)[1]!.constant === 1;
    if (name === 'gru' && c.int('linear_before_reset', 0) === 0 && (!isSingleStep || initial !== undefined)) {
      c.otherValues = 'the GRU resets after its product, as in PyTorch';
    }
    const [n, t] = c.g.shape(x);
    const d = weights.length;
    const wide = c.g.transpose(c.g.reshape(y!, [n!, t!, d, -1]), [1, 2, 0, 3]);
    return [wide, h, cells];
  };

export const recurrents: Readonly<Record<string, Translation>> = {
  GRU: recurrent('gru', [1, 0, 2]),
  LSTM: recurrent('lstm', [0, 2, 3, 1]),
  RNN: recurrent('rnn', [0]),
};
