import { Dim } from '../../dims/dim.js';
import { type Translation, TypeOnly } from './call.js';
import { demandStretch } from './demands.js';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `alpha * A' B' + beta * C`, where either matrix may be transposed. */
const gemm: Translation = (c) => {
  const { g } = c;
  for (const i of [0, 1]) c.rule.rank(c.nameOf(i), c.type(i), 2, '[rows, columns]');
  const scaled = (x: typeof product, factor: number) => (factor === 1 ? x : g.scale(x, factor));
  const a = c.flag('transA') ? g.swap(c.in(0)) : c.in(0);
  const b = c.flag('transB') ? g.swap(c.in(1)) : c.in(1);
  const product = g.matmul(a, b);
  demandStretch(c, 2, g.shape(product));
  const y = scaled(product, c.float('alpha', 1));
  const bias = c.x(2);
  return [bias === undefined ? y : g.add(y, scaled(bias, c.float('beta', 1)))];
};

/** A label that occurs twice in one operand takes a diagonal, which archc writes as a product with the identity: `bii->bi` is `bij,ij->bi`. */
const einsum: Translation = (c) => {
  const { g } = c;
  const equation = c.string('equation', '');
  const [left = '', ...right] = equation.replaceAll(' ', '').split('->');
  const unused = [...letters].filter((letter) => !left.includes(letter));
  const identities: { readonly labels: string; readonly size: Dim }[] = [];
  const terms = left.split(',').map((term, operand) =>
    [...term].map((label, place) => {
      if (!/[A-Za-z]/.test(label) || term.indexOf(label) === place) return label;
      const other = unused.shift() ?? c.unknown('the equation has more labels than there are letters');
      const axis = term.includes('...') && place > term.indexOf('...') ? place - term.length : place;
      identities.push({ labels: label + other, size: c.g.shape(c.x(operand) ?? c.in(0)).at(axis) ?? Dim.one });
      return other;
    }),
  );
  if (identities.length === 0 || terms.length !== c.count) return [g.op('einsum', [c.all()], { equation })];
  const eyes = identities.map(({ size }) => g.op('eye', [], { rows: size, dtype: c.type(0).dtype }));
  const labels = [...terms.map((term) => term.join('')), ...identities.map((identity) => identity.labels)];
  return [g.op('einsum', [[...c.all(), ...eyes]], { equation: [labels.join(','), ...right].join('->') })];
};

const det: Translation = (c) => {
  c.rule.rank('X', c.type(0), { min: 2 }, '[..., N, N]');
  const { dtype, shape } = c.type(0);
  const [rows = Dim.one, columns = Dim.one] = shape.slice(-2);
  c.rule.equal(rows, columns, () => ({ message: `a determinant needs a square matrix, but this one is [${rows}, ${columns}]` }));
  return [new TypeOnly({ dtype, shape: shape.slice(0, -2) }, 'archc has no determinants')];
};

export const linalg: Readonly<Record<string, Translation>> = {
  Det: det,
  Einsum: einsum,
  Gemm: gemm,
  MatMul: (c) => [c.g.matmul(c.in(0), c.in(1))],
};
