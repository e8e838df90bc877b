import type { Dim } from '../../dims/dim.js';
import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';

/** `[O, C/groups, kH, kW]` for two spatial axes and the leading `O, C/groups`. */
export function weightForm(count: number, leading: string): string {
  return `[${leading}, ${count === 1 ? 'k' : count === 2 ? 'kH, kW' : 'kD, kH, kW'}]`;
}

/** Demands that the filter covers at least one position on each spatial axis. */
export function demandFilter(rule: Rule, weight: TensorType): void {
  for (const [axis, side] of weight.shape.entries()) {
    if (axis < 2) continue;
    rule.atLeast(side, 1, () => ({
      message: `the filter covers nothing: its side is ${side}`,
      input: 'weight',
      wanted: weight.shape.map((size, i) => (i === axis ? 'at least 1' : String(size))),
      got: weight.shape,
    }));
  }
}

/** Demands that the bias, if given, has one number for each of `outputs` channels. */
export function demandBias(rule: Rule, x: TensorType, bias: TensorType | undefined, outputs: Dim): void {
  if (bias === undefined) return;
  rule.rank('bias', bias, 1, '[O]');
  rule.sameDtype('x', x, 'bias', bias);
  const [got = outputs] = bias.shape;
  rule.equal(got, outputs, () => ({
    message: `this convolution has ${outputs} output channels, but \`bias\` has ${got} ${got.constant === 1 ? 'number' : 'numbers'}`,
    input: 'bias',
    wanted: [String(outputs)],
    got: [String(got)],
  }));
}
