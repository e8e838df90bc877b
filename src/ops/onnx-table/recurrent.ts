import { Dim } from '../../dims/dim.js';
import type { OnnxCall, Translation } from './call.js';
import { demandShape } from './demands.js';
import { typesOnly } from './simple.js';

/** How the recurrent operators differ. */
interface Recurrent {
  readonly name: 'gru' | 'lstm' | 'rnn';
  /** The gate of ONNX at each position of archc's order, which is that of PyTorch. */
  readonly gates: readonly number[];
  /** The activations that archc computes, for one direction. */
  readonly activations: readonly string[];
}

/** `direction, gates*hidden, ..` of the stacked weights: those of one direction, in archc's order. */
function gatesOf<V>(c: OnnxCall<V>, weights: V | undefined, direction: number, order: readonly number[]): V | undefined {
  if (weights === undefined) return undefined;
  const own = c.g.op('index_at', [weights], { axis: 0, position: direction });
  if (order.length === 1) return own;
  const gates = c.g.call('split', [own], { parts: order.length, axis: 0 });
  return c.g.concat(
    order.flatMap((gate) => gates[gate] ?? []),
    0,
  );
}

/** The biases of the input and of the state, which ONNX stores in one row. */
function biasHalves<V>(c: OnnxCall<V>): readonly (V | undefined)[] {
  const biases = c.x(3);
  return biases === undefined ? [undefined, undefined] : c.g.call('split', [biases], { parts: 2, axis: 1 });
}

/** In which way archc's operator differs from this call, if it does. */
function difference<V>(c: OnnxCall<V>, { name, activations }: Recurrent, count: number, isSingleStep: boolean): string | undefined {
  const given = c.strings('activations')?.map((activation) => activation.toLowerCase());
  const usual = Array.from({ length: count }, () => activations).flat();
  if (given !== undefined && !(given.length === usual.length && given.every((activation, i) => activation === usual[i])))
    return `archc's \`${name}\` has no other activations than ${activations.join(', ')}`;
  if (c.has('clip')) return `archc's \`${name}\` does not clip its gates`;
  if (c.flag('input_forget')) return "archc's `lstm` has a forget gate of its own";
  if (c.x(7) !== undefined) return "archc's `lstm` has no peepholes, as PyTorch's";
  const resetsFirst = name === 'gru' && !c.flag('linear_before_reset') && !(isSingleStep && c.x(5) === undefined);
  return resetsFirst ? "archc's `gru` resets after its product, as PyTorch's" : undefined;
}

/** Demands the shapes of all inputs, and returns the sizes. */
function demandInputs<V>(c: OnnxCall<V>, gates: number, isBatchFirst: boolean) {
  c.rule.rank('X', c.type(0), 3, '[T, N, features]');
  c.rule.rank('W', c.type(1), 3, '[directions, gates, features]');
  c.rule.rank('R', c.type(2), 3, '[directions, gates, hidden]');
  const [first = Dim.one, second = Dim.one, features = Dim.one] = c.shape(0);
  const batch = isBatchFirst ? first : second;
  const directions = Dim.of(c.string('direction', 'forward') === 'bidirectional' ? 2 : 1);
  const hidden = c.shape(2)[2] ?? Dim.one;
  const said = c.has('hidden_size') ? Dim.of(c.int('hidden_size', 0)) : hidden;
  c.rule.equal(hidden, said, () => ({ message: `hidden_size is ${said}, but \`R\` has ${hidden}` }));
  const rows = hidden.mul(gates);
  const state = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  demandShape(c, 1, [directions, rows, features]);
  demandShape(c, 2, [directions, rows, hidden]);
  demandShape(c, 3, [directions, rows.mul(2)]);
  demandShape(c, 4, [batch]);
  demandShape(c, 5, state);
  demandShape(c, 6, state);
  demandShape(c, 7, [directions, hidden.mul(3)]);
  return { batch, steps: isBatchFirst ? second : first, directions, hidden };
}

function recurrent(kind: Recurrent): Translation {
  return (c) => {
    const { g } = c;
    const { name, gates } = kind;
    const isBatchFirst = c.flag('layout');
    const { batch, steps, directions, hidden } = demandInputs(c, gates.length, isBatchFirst);
    const direction = c.string('direction', 'forward');
    const count = direction === 'bidirectional' ? 2 : 1;
    const [activation = 'tanh', ...others] = c.strings('activations')?.map((one) => one.toLowerCase()) ?? [];
    const isRelu = name === 'rnn' && activation === 'relu' && others.every((one) => one === 'relu');
    // archc has the batch first, and states with the directions first.
    const turned = (x: ReturnType<typeof c.x>) => (x === undefined || !isBatchFirst ? x : g.transpose(x, [1, 0, 2]));
    const x = isBatchFirst ? c.in(0) : g.transpose(c.in(0), [1, 0, 2]);
    const [ofInput, ofState] = biasHalves(c);
    const weights = [c.in(1), c.in(2), ofInput, ofState];
    const all = [0, 1].flatMap((d) => weights.map((weight) => (d < count ? gatesOf(c, weight, d, gates) : undefined)));
    const lengths = c.x(4);
    const cell = name === 'lstm' ? [turned(c.x(6))] : [];
    const inputs = [x, ...all, turned(c.x(5)), lengths === undefined ? undefined : g.cast(lengths, 'i64'), ...cell];
    const [y, ...states] = g.call(name, inputs, { direction, ...(name === 'rnn' ? { activation: isRelu ? 'relu' : 'tanh' } : {}) });
    if (y === undefined) return [];
    const apart = g.reshape(y, [batch, steps, directions, hidden]);
    const outputs = [isBatchFirst ? apart : g.transpose(apart, [1, 2, 0, 3]), ...states.map((state) => turned(state) ?? state)];
    const why = isRelu ? undefined : difference(c, kind, count, steps.constant === 1);
    return why === undefined ? outputs : typesOnly(c, outputs, why);
  };
}

export const recurrents: Readonly<Record<string, Translation>> = {
  GRU: recurrent({ name: 'gru', gates: [1, 0, 2], activations: ['sigmoid', 'tanh'] }),
  LSTM: recurrent({ name: 'lstm', gates: [0, 2, 3, 1], activations: ['sigmoid', 'tanh', 'tanh'] }),
  RNN: recurrent({ name: 'rnn', gates: [0], activations: ['tanh'] }),
};
