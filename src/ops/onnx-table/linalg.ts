import { Dim } from '../../dims/dim.js';
import { type OnnxCall, type Translation, TypeOnly } from './call.js';
import { demandStretch } from './demands.js';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `alpha * A' B' + beta * C`, where either matrix may be transposed. */
const gemm: Translation = (c) => {
  const { g } = c;
  for (const [i, name] of ['A', 'B'].entries()) c.rule.rank(name, c.type(i), 2, '[rows, columns]');
  const scaled = (x: typeof product, factor: number) => (factor === 1 ? x : g.scale(x, factor));
  const a = c.flag('transA') ? g.swap(c.in(0)) : c.in(0);
  const b = c.flag('transB') ? g.swap(c.in(1)) : c.in(1);
  const product = g.matmul(a, b);
  demandStretch(c, 2, g.shape(product), 'C');
  const y = scaled(product, c.float('alpha', 1));
  const bias = c.x(2);
  return [bias === undefined ? y : g.add(y, scaled(bias, c.float('beta', 1)))];
};

/** A label that stands twice in one operand takes a diagonal, which archc writes as a product with the identity: `bii->bi` is `bij,ij->bi`. */
const einsum: Translation = (c) => {
  const { g } = c;
  const [left = '', ...right] = c.string('equation', '').replaceAll(' ', '').split('->');
  const unused = [...letters].filter((letter) => !left.includes(letter));
  const identities: { readonly labels: string; readonly size: Dim }[] = [];
  const terms = left.split(',').map((term, operand) =>
    [...term].map((label, place) => {
      if (!/[A-Za-z]/.test(label) || term.indexOf(label) === place || operand >= c.count) return label;
      const other = unused.shift() ?? c.unknown('the equation has more labels than there are letters');
      const axis = term.includes('...') && place > term.indexOf('...') ? place - term.length : place;
      identities.push({ labels: label + other, size: c.shape(operand).at(axis) ?? Dim.one });
      return other;
    }),
  );
  const eyes = identities.map(({ size }) => g.op('eye', [], { rows: size, dtype: c.type(0).dtype }));
  const labels = [...terms.map((term) => term.join('')), ...identities.map((identity) => identity.labels)];
  return [g.op('einsum', [[...c.all(), ...eyes]], { equation: [labels.join(','), ...right].join('->') })];
};

const det: Translation = (c) => {
  c.rule.rank('X', c.type(0), { min: 2 }, '[..., N, N]');
  const { dtype, shape } = c.type(0);
  const [rows = Dim.one, columns = Dim.one] = shape.slice(-2);
  c.rule.equal(rows, columns, () => ({ message: `a determinant is that of a square matrix, and this one is [${rows}, ${columns}]` }));
  return [new TypeOnly({ dtype, shape: shape.slice(0, -2) }, 'archc has no determinants')];
};

/** Integers of input `i` as i32, less their zero point (input `zero`), which may be one for each row or column. */
export function withoutZero<V>(c: OnnxCall<V>, i: number, zero: number, axis: number): V {
  const { g } = c;
  const x = g.cast(c.in(i), 'i32');
  const point = c.x(zero);
  if (point === undefined) return x;
  const wide = g.cast(point, 'i32');
  const isVector = g.rank(wide) === 1 && g.shape(wide)[0]?.constant !== 1;
  const after = g.rank(x) - 1 - axis;
  return g.sub(
    x,
    isVector && after > 0
      ? g.unsqueeze(
          wide,
          Array.from({ length: after }, (_, k) => k + 1),
        )
      : wide,
  );
}

const matmulInteger: Translation = (c) => [
  c.g.matmul(withoutZero(c, 0, 2, Math.max(0, c.rank(0) - 2)), withoutZero(c, 1, 3, c.rank(1) - 1)),
];

export const linalg: Readonly<Record<string, Translation>> = {
  Det: det,
  Einsum: einsum,
  Gemm: gemm,
  MatMul: (c) => [c.g.matmul(c.in(0), c.in(1))],
  MatMulInteger: matmulInteger,
};
