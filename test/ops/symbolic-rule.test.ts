import { describe, expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { type Rule, RuleFailure } from '../../src/ops/rule.js';
import { broadcastDemand, type Residual, SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { Shape } from '../../src/ops/types.js';

const [n, m] = [Dim.variable('N'), Dim.variable('M')];
const one = Dim.of(1);
const say = () => ({ message: 'no' });

describe('equal', () => {
  test('passes what is proved', () => {
    expect(outcome((rule) => rule.equal(n.add(1), Dim.of(1).add(n), say))).toEqual({ residuals: [] });
    const facts = Facts.none.assume({ kind: 'equal', left: n, right: m });
    expect(outcome((rule) => rule.equal(n, m, say), facts)).toEqual({ residuals: [] });
  });

  test('refuses what is never so, without a witness', () => {
    const { failure } = outcome((rule) => rule.equal(n.add(1), n, say));
    expect(failure?.code).toBe('shape-mismatch');
    expect(failure?.witness).toBeUndefined();
  });

  test('refuses what is not always so, with a witness', () => {
    const { failure } = outcome((rule) => rule.equal(n, m, say));
    expect(failure?.code).toBe('shape-mismatch');
    const witness = failure?.witness;
    expect(witness?.get('N')).not.toBe(witness?.get('M'));
  });
});

describe('atLeast', () => {
  test('refuses only what always fails; sizes that may be too small stay open', () => {
    expect(outcome((rule) => rule.atLeast(n, 1, say))).toEqual({ residuals: [] });
    expect(outcome((rule) => rule.atLeast(Dim.of(2), 3, say)).failure?.code).toBe('shape-mismatch');
    expect(outcome((rule) => rule.atLeast(n, 4, say)).residuals).toMatchObject([{ kind: 'at-least', left: n, right: Dim.of(4) }]);
  });
});

describe('divides', () => {
  test('uses facts and refuses the rest', () => {
    const facts = Facts.none.assume({ kind: 'divides', divisor: Dim.of(4), value: n });
    expect(outcome((rule) => rule.divides(2, n, say), facts)).toEqual({ residuals: [] });
    expect(outcome((rule) => rule.divides(2, n.mul(2).add(1), say)).failure?.code).toBe('not-divisible');
    expect(outcome((rule) => rule.divides(2, n, say)).failure?.witness?.get('N')).toBe(1);
  });
});

describe('broadcast', () => {
  const shapes = (a: Shape, b: Shape) => {
    let shape: Shape = [];
    const found = outcome((rule) => {
      shape = rule.broadcast(a, b, (axis) => broadcastDemand('add', axis, a, b));
    });
    return found.failure?.demand.message ?? shape.join();
  };

  test('broadcasts the literal 1 and missing axes', () => {
    expect(shapes([n, Dim.of(3)], [Dim.of(3)])).toBe('N,3');
    expect(shapes([one, m], [n, one])).toBe('N,M');
    expect(shapes([], [n])).toBe('N');
    expect(shapes([Dim.of(0)], [one])).toBe('0');
  });

  test('does not broadcast names, although they may be 1', () => {
    expect(shapes([n, m], [one, n])).toBe('cannot add [N, M] and [1, N]: axis 1 is M in one and N in the other');
    expect(shapes([Dim.of(2), Dim.of(3)], [Dim.of(3), Dim.of(2)])).toBe(
      'cannot add [2, 3] and [3, 2]: axis 0 is 2 in one and 3 in the other',
    );
  });
});

describe('sentences', () => {
  const x = { dtype: 'i64', shape: [n, Dim.of(3), Dim.of(8)] } as const;
  const message = (demand: (rule: Rule) => void) => {
    const { failure } = outcome(demand);
    return [failure?.code, failure?.demand.message, failure?.demand.help];
  };

  test('of ranks', () => {
    expect(message((rule) => rule.rank('x', x, 4, '[N, C, H, W]'))).toEqual([
      'rank-mismatch',
      '`conv2d` needs `x` to be [N, C, H, W], but it has rank 3',
      'add an axis of size 1 with `unsqueeze`, for instance for the batch',
    ]);
    expect(message((rule) => rule.rank('x', { dtype: 'f32', shape: [] }, { min: 1 }, '[C, ...]'))).toEqual([
      'rank-mismatch',
      '`conv2d` needs `x` to be [C, ...], but it has no axes',
      undefined,
    ]);
  });

  test('of element types', () => {
    expect(message((rule) => rule.dtype('x', x, 'float'))).toEqual([
      'dtype-mismatch',
      '`conv2d` needs a float tensor, but `x` is i64',
      'convert it first with `cast(.., f32)`',
    ]);
    expect(message((rule) => rule.dtype('x', x, ['i32', 'u8']))).toEqual([
      'dtype-mismatch',
      '`conv2d` needs a tensor of i32 or u8, but `x` is i64',
      'convert it first with `cast(.., i32)`',
    ]);
    expect(message((rule) => rule.sameDtype('a', { dtype: 'f32', shape: [] }, 'b', x))).toEqual([
      'dtype-mismatch',
      '`conv2d` needs one element type, but `a` is f32 and `b` is i64',
      'convert `b` with `cast(.., f32)`',
    ]);
  });

  test('of axes', () => {
    expect(message((rule) => rule.axis(3, 3))).toEqual([
      'bad-axis',
      'there is no axis 3 in a tensor of rank 3',
      'axes go from 0 to 2, or from -3 to -1',
    ]);
    expect(message((rule) => rule.axis(0, 0))).toEqual(['bad-axis', 'a scalar has no axis 0', undefined]);
    expect(outcome((rule) => expect([rule.axis(-1, 3), rule.axis(2, 3)]).toEqual([2, 2])).failure).toBeUndefined();
  });
});

function outcome(demand: (rule: Rule) => void, facts = Facts.none): { failure?: RuleFailure; residuals: Residual[] } {
  const residuals: Residual[] = [];
  try {
    demand(new SymbolicRule(facts, (residual) => residuals.push(residual), 'conv2d'));
    return { residuals };
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return { failure, residuals };
  }
}
