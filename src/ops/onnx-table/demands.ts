import { Dim } from '../../dims/dim.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { Shape } from '../types.js';
import type { OnnxCall } from './call.js';

/** Demands a shape of input `i`, if it is given; `name` is its name in ONNX. */
export function demandShape<V>(c: OnnxCall<V>, i: number, name: string, wanted: Shape): void {
  const input = c.x(i);
  if (input === undefined) return;
  const type = c.g.type(input);
  const form = `[${wanted.join(', ')}]`;
  c.rule.rank(name, type, wanted.length, wanted.length === 0 ? 'a scalar' : form);
  for (const [axis, size] of wanted.entries()) {
    const got = type.shape[axis] ?? Dim.one;
    c.rule.equal(got, size, () => ({ message: `\`${name}\` must be ${form} here, but is [${type.shape.join(', ')}]` }));
  }
}

export function demandScalar<V>(c: OnnxCall<V>, i: number, name: string): void {
  demandShape(c, i, name, []);
}

/** Demands that input `i`, if it is given, may be repeated along axes of size 1 until it has the shape `to`. */
export function demandStretch<V>(c: OnnxCall<V>, i: number, to: Shape, name: string): void {
  const input = c.x(i);
  if (input === undefined) return;
  const from = c.g.shape(input);
  const message = `\`${name}\` of shape [${from.join(', ')}] does not stretch to [${to.join(', ')}]`;
  if (from.length > to.length) c.rule.fail('broadcast-mismatch', { message });
  const shift = to.length - from.length;
  for (const [axis, got] of from.entries()) {
    const wanted = to[axis + shift] ?? Dim.one;
    if (got.constant === 1) continue;
    c.rule.equal(got, wanted, () => ({ ...broadcastDemand('stretch', axis + shift, from, to), message }));
  }
}

/** The axis that an attribute names, counted from 0; it must be one of the first input. */
export function axisOf<V>(c: OnnxCall<V>, fallback: number, name = 'axis'): number {
  return c.rule.axis(c.int(name, fallback), c.rank(0), name);
}
