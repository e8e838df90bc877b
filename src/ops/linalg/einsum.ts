import { InternalError } from '../../diagnostics/internal-error.js';
import { Dim } from '../../dims/dim.js';
import { text } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core, variadic } from '../define.js';
import { ndArray, stridesOf } from '../nd/array.js';
import { offsetsOf } from '../nd/broadcast.js';
import { nth, only } from '../only.js';
import { demandNotEmpty } from '../option-bounds.js';
import type { Rule } from '../rule.js';
import { floats32 } from '../sample.js';
import { demandOneDtype } from '../shape/one-dtype.js';
import { product } from '../sizes.js';
import { isInt, type NdArray, type Shape, type TensorType } from '../types.js';
import { type Einsum, type EinsumFault, parseEinsum } from './einsum-equation.js';

export const einsum = core({
  name: 'einsum',
  family: 'linalg',
  doc: {
    summary: 'Products and sums over named axes: labels that the output omits are summed, `...` means any axes.',
    example: 'einsum("ij,jk->ik", a, b)',
    source: 'ONNX Einsum, torch.einsum; no label twice in one operand',
  },
  inputs: { xs: variadic('the operands') },
  attrs: { equation: text('one letter per axis, operands separated by commas, then `->` and the output') },
  outputs: ['y'],
  infer: (rule, { xs }, { equation }) => {
    const parsed = parseEinsum(
      equation,
      xs.map((x) => x.shape.length),
    );
    if ('message' in parsed) return rule.fail(parsed.code, { ...faultDemand(parsed), attr: 'equation' });
    const sizes = labelSizes(rule, equation, parsed, xs);
    const first = only(xs);
    // ONNX Runtime ends the process for empty sums.
    for (const [i, x] of xs.entries()) demandNotEmpty(rule, '`einsum`', `xs[${i}]`, x);
    demandOneDtype(rule, 'einsum', xs);
    rule.dtype('xs', first, 'number');
    // PyTorch sums narrow integers as i64, and multiplies them in their own type.
    if (isInt(first.dtype) && first.dtype !== 'i64') {
      const message = `\`einsum\` takes floats and i64, and \`xs[0]\` is ${first.dtype}`;
      rule.fail('dtype-mismatch', { message, input: 'xs', help: 'convert all operands first with `cast(.., i64)`' });
    }
    return [{ dtype: first.dtype, shape: [...parsed.output].map((label) => sizes.get(label) ?? Dim.one) }];
  },
  // Operand by operand, as ONNX Runtime does it: each product runs over the labels of both sides, and sums those that nothing after it needs.
  flops: ({ xs }, { equation }) => {
    const parsed = accepted(
      equation,
      xs.map((x) => x.shape.length),
    );
    const sizes = new Map<string, Dim>();
    for (const [label, size] of labelled(
      parsed,
      xs.map((x) => x.shape),
    )) {
      if (!sizes.has(label) || sizes.get(label)?.constant === 1) sizes.set(label, size);
    }
    return pairwiseFlops(parsed, sizes);
  },
  // Every axis gets a letter and none is broadcast: ONNX Runtime refuses `...` of different ranks and, on WebGPU, of different sizes.
  onnx: (g, { xs }, { equation }, y) => {
    const parsed = accepted(
      equation,
      xs.map((x) => g.type(x).shape.length),
    );
    const operands = xs.map((x, i) => {
      const { dtype, shape } = g.type(x);
      const labels = nth(parsed.operands, i);
      const stretched = stretchedAxes(parsed, shape, labels, only(y).shape);
      if (stretched.length === 0) return { value: x, labels };
      const type = { dtype, shape: shape.filter((_, axis) => !stretched.includes(axis)) };
      return { value: only(g.node('Squeeze', [x, g.ints(stretched)], {}, [type])), labels: withoutAxes(labels, stretched) };
    });
    const written = `${operands.map((operand) => operand.labels).join(',')}->${parsed.output}`;
    const values = operands.map((operand) => operand.value);
    return g.node('Einsum', values, { equation: { string: written } }, [only(y)]);
  },
  evaluate: ({ xs }, { equation }) => [
    contracted(
      accepted(
        equation,
        xs.map((x) => x.shape.length),
      ),
      xs,
    ),
  ],
  // dx_i = einsum of dy with the other operands, on the labels of x_i; labels that only x_i has are repeated
  grad: (g, { x: { xs }, dy, attrs }) => {
    const parsed = accepted(
      attrs.equation,
      xs.map((x) => g.rank(x)),
    );
    return { xs: xs.map((_, i) => operandGradient(g, parsed, xs, only(dy), i)) };
  },
  samples: [
    { inputs: { xs: [floats32([2, 3]), floats32([3, 4])] }, attrs: { equation: 'ij,jk->ik' } },
    { inputs: { xs: [floats32([2, 3, 4]), floats32([2, 5, 4])] }, attrs: { equation: 'bid, bjd -> bij' } },
    { inputs: { xs: [floats32([2, 3, 4])] }, attrs: { equation: '...ij->...ji' } },
    { inputs: { xs: [floats32([5, 2, 3]), floats32([1, 3, 2])] }, attrs: { equation: '...ij,...jk->...ik' } },
    { inputs: { xs: [floats32([2, 3, 4]), floats32([4])] }, attrs: { equation: '...i,...i->...' } },
    { inputs: { xs: [floats32([3]), floats32([3]), floats32([2, 3])] }, attrs: { equation: 'a,a,ba->b' } },
    { inputs: { xs: [floats32([2, 3])] }, attrs: { equation: 'ij->j' } },
    { inputs: { xs: [floats32([3, 2]), floats32([3, 4])] }, attrs: { equation: 'ba,bc' } },
  ],
});

function faultDemand({ message, help }: EinsumFault): { readonly message: string; readonly help?: string } {
  return help === undefined ? { message } : { message, help };
}

/** The equation of a call that the shape rule has accepted. */
function accepted(equation: string, ranks: readonly number[]): Einsum {
  const parsed = parseEinsum(equation, ranks);
  if ('message' in parsed) throw new InternalError(parsed.message);
  return parsed;
}

function pairwiseFlops({ operands, output }: Einsum, sizes: ReadonlyMap<string, Dim>): Dim {
  const volume = (labels: Iterable<string>) => product([...labels].map((label) => sizes.get(label) ?? Dim.one));
  const [first = '', ...others] = operands;
  if (others.length === 0) return volume(new Set(first));
  let left: ReadonlySet<string> = new Set(first);
  let total = Dim.zero;
  for (const [i, operand] of others.entries()) {
    const both = new Set([...left, ...operand]);
    total = total.add(volume(both).mul(2));
    const needed = new Set([...others.slice(i + 1).join(''), ...output]);
    left = new Set([...both].filter((label) => needed.has(label)));
  }
  return total;
}

function labelled<S>(parsed: Einsum, shapes: readonly (readonly S[])[]): readonly (readonly [string, S])[] {
  return parsed.operands.flatMap((labels, i) => [...labels].map((label, axis) => [label, nth(nth(shapes, i), axis)] as const));
}

function labelSizes(rule: Rule, equation: string, parsed: Einsum, xs: readonly TensorType[]): ReadonlyMap<string, Dim> {
  const sizes = new Map<string, Dim>();
  for (const [label, size] of labelled(
    parsed,
    xs.map((x) => x.shape),
  )) {
    const known = sizes.get(label);
    if (known === undefined || (parsed.ellipsis.includes(label) && known.constant === 1)) {
      sizes.set(label, size);
    } else if (!(parsed.ellipsis.includes(label) && size.constant === 1)) {
      rule.equal(size, known, () => ({
        message: `\`${label}\` of the equation "${equation}" is ${known} in one operand and ${size} in another`,
        input: 'xs',
      }));
    }
  }
  return sizes;
}

function contracted(parsed: Einsum, xs: readonly NdArray[]): NdArray {
  const sizes = new Map<string, number>();
  for (const [label, size] of labelled(
    parsed,
    xs.map((x) => x.shape),
  ))
    sizes.set(label, Math.max(size, sizes.get(label) ?? size));
  for (const [label, size] of labelled(
    parsed,
    xs.map((x) => x.shape),
  ))
    if (size === 0) sizes.set(label, 0);
  const summed = [...sizes.keys()].filter((label) => !parsed.output.includes(label));
  const order = [...parsed.output, ...summed];
  const space = order.map((label) => sizes.get(label) ?? 1);
  const outer = parsed.output.length;
  const shape = space.slice(0, outer);
  const y = ndArray(only(xs).dtype, shape);
  const places = offsetsOf(space, [...stridesOf(shape), ...summed.map(() => 0)]);
  const sources = xs.map((x, i) => {
    const labels = nth(parsed.operands, i);
    const strides = stridesOf(x.shape);
    const step = order.map((label) =>
      labels.includes(label) && x.shape[labels.indexOf(label)] !== 1 ? (strides[labels.indexOf(label)] ?? 0) : 0,
    );
    return { data: x.data, offsets: offsetsOf(space, step) };
  });
  for (let i = 0; i < places.length; i++) {
    let term = 1;
    for (const { data, offsets } of sources) term *= data[offsets[i] ?? 0] ?? Number.NaN;
    const place = places[i] ?? 0;
    y.data[place] = (y.data[place] ?? 0) + term;
  }
  return y;
}

function operandGradient<V>(g: Builder<V>, parsed: Einsum, xs: readonly V[], dy: V, i: number): V {
  const x = nth(xs, i);
  const labels = nth(parsed.operands, i);
  const others = xs.flatMap((other, j) => (j === i ? [] : [withoutStretched(g, parsed, other, nth(parsed.operands, j), dy)]));
  const reached = new Set([parsed.output, ...others.map((other) => other.labels)].join(''));
  const stretched = stretchedAxes(parsed, g.shape(x), labels, g.shape(dy));
  const missing = [...labels].flatMap((label, axis) => (stretched.includes(axis) || !reached.has(label) ? axis : []));
  const kept = [...labels].filter((_, axis) => !missing.includes(axis)).join('');
  const equation = `${[parsed.output, ...others.map((other) => other.labels)].join(',')}->${kept}`;
  const part = g.op('einsum', [[dy, ...others.map((other) => other.value)]], { equation });
  return missing.length === 0 ? part : g.expand(g.unsqueeze(part, missing), g.shape(x));
}

/** The axes of an operand that belong to `...` and are repeated in the output. */
function stretchedAxes(parsed: Einsum, shape: Shape, labels: string, output: Shape): readonly number[] {
  return [...labels].flatMap((label, axis) => {
    const isOne = parsed.ellipsis.includes(label) && shape[axis]?.constant === 1;
    return isOne && output[parsed.output.indexOf(label)]?.constant !== 1 ? axis : [];
  });
}

function withoutAxes(labels: string, axes: readonly number[]): string {
  return [...labels].filter((_, axis) => !axes.includes(axis)).join('');
}

/** An operand without its repeated axes: if every axis has a letter, none may be broadcast. */
function withoutStretched<V>(g: Builder<V>, parsed: Einsum, x: V, labels: string, dy: V): { readonly value: V; readonly labels: string } {
  const stretched = stretchedAxes(parsed, g.shape(x), labels, g.shape(dy));
  return stretched.length === 0 ? { value: x, labels } : { value: g.squeeze(x, stretched), labels: withoutAxes(labels, stretched) };
}
