import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from '../../src/1-syntax/parse.js';
import type { Context } from '../../src/2-check/context.js';
import { interpreter } from '../../src/2-check/interpreter.js';
import { ModuleLoader } from '../../src/2-check/modules/modules.js';
import { moduleContext } from '../../src/2-check/modules/names.js';
import { Session } from '../../src/2-check/session.js';
import { Report } from '../../src/diagnostics/report.js';
import { Dim } from '../../src/dims/dim.js';
import { defaultLimits } from '../../src/limits.js';
import { createMemoryHost } from '../../src/memory-host.js';

const source = `
layer Bad(x: Tensor[N, 8]) -> Tensor[N, 9] { return x }
layer Both(f: layer)(x: Tensor[N, D]) -> Tensor[N, D] { return x -> f }
let endless(n) = endless(n + 1)
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x }
`;

let cx: Context;
beforeEach(() => {
  const report = new Report(100);
  const loader = new ModuleLoader(createMemoryHost({ 'main.arch': source }), report, defaultLimits);
  const module = loader.entry('main.arch');
  const session = new Session({ loader, report, limits: defaultLimits, float: 'f32', training: false });
  cx = moduleContext({ session, interpreter }, module);
  const span = { file: 'main.arch', start: 0, end: 0 };
  cx.body.define('x', {
    value: { kind: 'tensor', local: cx.local({ dtype: 'f32', shape: [Dim.variable('N'), Dim.of(8)] }, span, 'x') },
    span,
    role: 'input',
  });
});

/** Runs statements as if they were in a body. */
function run(statements: string): void {
  const [decl] = parse('body.arch', `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] {\n${statements}\n}`, new Report(9)).items;
  if (decl?.kind !== 'layer') throw new Error('no layer');
  for (const statement of decl.body.statements) cx.interpreter.runBlock(cx, { ...decl.body, statements: [statement], value: undefined });
}

/** All that a trial may change. */
function state() {
  return {
    problems: cx.problems.map((p) => p.code),
    steps: cx.steps.length,
    returns: cx.returns.length,
    open: [...cx.open].map(([key, { facts }]) => [key, facts.size]),
    labels: [...cx.labels.snapshot().keys()],
    names: [...cx.body.snapshot()].map(([name, { value }]) => [name, value]),
    facts: cx.facts.key,
    path: cx.path.length,
    instances: [...cx.session.instances].filter(([, made]) => made !== 'building' && !made.ok).length,
  };
}

describe('work that is tried out', () => {
  it('leaves nothing behind', () => {
    run('tok = Linear(8)\n h = x -> fc: Linear(8)');
    const before = state();
    const trial = cx.speculate(() => {
      run('h = x -> fc2: Linear(8) -> Bad\n k = h\n y = x -> tok\n z = x[0] + x[1, 2]\n assert 1 == 2\n w = endless(1)\n return y');
      return state();
    });
    expect(trial.kept).toBe(false);
    expect(trial.value).not.toEqual(before);
    expect(trial.problems.length).toBeGreaterThan(0);
    expect(state()).toEqual(before);
    expect(cx.problems).toEqual([]);
  });

  it('stays where its outcome is approved of, inside a trial that is taken back as well', () => {
    const { kept } = cx.speculate(
      () => run('h = x -> fc: Linear(8)'),
      ({ problems }) => problems.length === 0,
    );
    expect(kept).toBe(true);
    expect(state()).toMatchObject({ problems: [], steps: 1, labels: ['fc'] });
    const before = state();
    cx.speculate(() => {
      const inner = cx.speculate(
        () => run('g = x -> fc2: Linear(8)'),
        () => true,
      );
      expect(inner.kept).toBe(true);
      expect(cx.labels.snapshot().has('fc2')).toBe(true);
    });
    expect(state()).toEqual(before);
  });

  it('keeps what it reports if it is kept', () => {
    cx.speculate(
      () => run('h = nothing'),
      () => true,
    );
    expect(cx.problems.map((p) => p.code)).toEqual(['unknown-name']);
  });

  it('reports a body that failed in a trial again where it is used', () => {
    const trial = cx.speculate(() => run('h = x -> Both(Both(Linear(9)))'));
    expect(trial.problems.map((p) => p.code)).toEqual(['result-mismatch']);
    run('h = x -> Both(Both(Linear(9)))');
    expect(cx.problems.map((p) => p.code)).toEqual(['result-mismatch']);
  });

  it('forgets that a shared layer was applied', () => {
    run('tok = Linear(8)');
    cx.speculate(() => run('h = x -> tok'));
    const tok = cx.body.find('tok')?.value;
    expect(tok).toMatchObject({ kind: 'layer', shared: { applied: false } });
    run('h = x -> tok');
    expect(tok).toMatchObject({ kind: 'layer', shared: { applied: true } });
  });

  it('is taken back where it throws', () => {
    const before = state();
    expect(() =>
      cx.speculate(() => {
        run('h = x -> fc: Linear(8)');
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(state()).toEqual(before);
  });

  it('counts as effort', () => {
    cx.speculate(() => {
      cx.session.countItems(defaultLimits.items);
    });
    expect(cx.session.countItems(1)).toBe(false);
  });
});
