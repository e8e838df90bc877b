import type { Dim } from '../../dims/dim.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { recode } from '../recode.js';
import type { Rule } from '../rule.js';
import { mayBeEmpty, product } from '../sizes.js';
import { type Shape, showShape } from '../types.js';

/** The full target shape of a reshape: the one size written as -1 is computed, and both sides must have the same number of elements. */
export function resolveReshape(rule: Rule, from: Shape, wanted: Shape): Shape {
  const open = wanted.findIndex((size) => size.constant === -1);
  for (const [i, size] of wanted.entries()) {
    if (size.constant !== undefined && size.constant < 0 && i !== open) {
      rule.fail('bad-option', {
        message:
          size.constant === -1
            ? `reshape to ${showShape(wanted)} leaves two sizes open, and only one can be computed`
            : `reshape to ${showShape(wanted)} asks for the negative size ${size}`,
        attr: 'shape',
      });
    }
  }
  if (open >= 0) return wanted.map((size, i) => (i === open ? openSize(rule, from, wanted, open) : size));
  const have = product(from);
  const want = product(wanted);
  recode('reshape-mismatch', () =>
    rule.equal(have, want, () => ({
      message: `reshape cannot turn ${showShape(from)} into ${showShape(wanted)}: that is ${have} elements into ${want}`,
      input: 'x',
      wanted: wanted,
      got: from,
      help: 'the sizes must multiply to the same number; one size may be -1 to be computed from the others',
    })),
  );
  return wanted;
}

function openSize(rule: Rule, from: Shape, wanted: Shape, open: number): Dim {
  const rest = [...from];
  const divisors: Dim[] = [];
  for (const [i, size] of wanted.entries()) {
    if (i === open) continue;
    const same = rest.findIndex((other) => other.equals(size));
    if (same >= 0) rest.splice(same, 1);
    else divisors.push(size);
  }
  const have = product(rest);
  const divisor = product(divisors);
  if (divisor.constant === 1) return have;
  if (divisor.constant === 0) {
    rule.fail('reshape-mismatch', { message: `the open size of ${showShape(wanted)} could be anything: another size is 0`, attr: 'shape' });
  }
  recode('reshape-mismatch', () =>
    rule.divides(divisor, have, () => ({
      message: `reshape cannot compute the open size of ${showShape(wanted)}: ${have} is not a multiple of ${divisor}`,
      input: 'x',
      wanted: wanted,
      got: from,
    })),
  );
  return have.floorDiv(divisor);
}

/**
 * One Reshape node. Its shape is a constant if at most one size is neither known nor copied from the same axis of `x`. Otherwise, sizes are computed in the graph, as they are if a
 * size may be 0.
 */
export function reshapeNode<V>(g: OnnxBuilder<V>, x: V, to: Shape, dtype = g.type(x).dtype): V {
  const type = { dtype, shape: to };
  const sizes = constantTarget(g.type(x).shape, to);
  if (sizes !== undefined) return only(g.node('Reshape', [x, g.ints(sizes)], {}, [type]));
  return only(g.node('Reshape', [x, g.dims(to)], to.some(mayBeEmpty) ? { allowzero: { int: 1 } } : {}, [type]));
}

/**
 * The sizes of a Reshape if they need not be computed: 0 copies the size of the same axis, -1 infers one. Undefined if more than one would have to be inferred, or if a size
 * may be 0: that would mean a copy, and no other size can be inferred next to it.
 */
export function constantTarget(from: Shape, to: Shape): readonly number[] | undefined {
  const sizes = to.map((size, axis) => size.constant ?? (from[axis]?.equals(size) ? 0 : -1));
  const computed = sizes.filter((size) => size === -1).length;
  const isSure = !to.some((size, axis) => size.constant === 0 || (computed > 0 && sizes[axis] !== -1 && mayBeEmpty(size)));
  return isSure && computed <= 1 ? sizes : undefined;
}
