import { Dim } from '../../dims/dim.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { Shape } from '../types.js';
import type { OnnxCall } from './call.js';

/** Demands a shape of input `i`, if it is given. */
export function demandShape<V>(c: OnnxCall<V>, i: number, wanted: Shape): void {
  const input = c.x(i);
  if (input === undefined) return;
  const name = c.nameOf(i);
  const type = c.g.type(input);
  const form = `[${wanted.join(', ')}]`;
  c.rule.rank(name, type, wanted.length, wanted.length === 0 ? 'a scalar' : form);
  for (const [axis, size] of wanted.entries()) {
    const got = type.shape[axis] ?? Dim.one;
    c.rule.equal(got, size, () => ({ message: `\`${name}\` must be ${form} here, but is [${type.shape.join(', ')}]` }));
  }
}

/** Demands that input `i`, if it is given, may be repeated along axes of size 1 until it has the shape `to`. */
export function demandStretch<V>(c: OnnxCall<V>, i: number, to: Shape): void {
  const input = c.x(i);
  if (input === undefined) return;
  const from = c.g.shape(input);
  const message = `\`${c.nameOf(i)}\` of shape [${from.join(', ')}] does not stretch to [${to.join(', ')}]`;
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

/** Demands that input `i`, if it is given, is one number for all, or one for each of `size` positions. */
export function demandOneOrEach<V>(c: OnnxCall<V>, i: number, size: Dim): void {
  const input = c.x(i);
  if (input === undefined) return;
  const name = c.nameOf(i);
  const type = c.g.type(input);
  c.rule.rank(name, type, { min: 0, max: 1 }, `a scalar or [${size}]`);
  const [got = Dim.one] = type.shape;
  if (got.constant === 1) return;
  c.rule.equal(got, size, () => ({ message: `\`${name}\` must be a scalar or [${size}] here, but is [${got}]` }));
}
