import type { Expr, FnDecl, LayerDecl, SizeDim } from '../../1-syntax/ast.js';
import { exprsOf } from '../../1-syntax/walk.js';
import { Dim } from '../../dims/dim.js';
import { solutionsOf, solvedFor } from '../../dims/solve.js';
import type { Shape } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { Scope } from '../modules/scope.js';
import { type Signature, signatureOf } from '../modules/signature.js';
import { unknown } from '../values/values.js';
import { sizeOf } from './type-expressions.js';

/** Two sizes that are equal, computed with what is known when they are requested. */
export interface SizeEquation {
  readonly left: () => Dim | undefined;
  readonly right: () => Dim | undefined;
}

/**
 * Gives `names` the sizes that solve `equations`, in `scope`, as far as an equation is linear in one of them. Inexact quotients are rounded
 * down: the equations must be checked afterwards. Returns the names that nothing solves.
 */
export function solveSizes(cx: Context, scope: Scope, names: readonly string[], equations: readonly SizeEquation[]): readonly string[] {
  let open = names;
  for (let before = -1; open.length > 0 && open.length !== before; ) {
    before = open.length;
    for (const equation of equations) {
      if (open.length === 0) break;
      const solved = solution(cx, open, equation);
      if (solved === undefined) continue;
      scope.define(solved.name, { value: { kind: 'int', dim: solved.size }, span: cx.module.file.span, role: 'dim' });
      open = open.filter((name) => name !== solved.name);
    }
  }
  return open;
}

function solution(cx: Context, open: readonly string[], { left, right }: SizeEquation): { name: string; size: Dim } | undefined {
  // Problems with names that are not known yet do not count.
  const { value: sides } = cx.speculate(() =>
    cx.nested(() => {
      for (const name of open)
        cx.scope.define(name, { value: { kind: 'int', dim: Dim.variable(placeholder(name)) }, span: cx.module.file.span, role: 'dim' });
      return [left(), right()] as const;
    }),
  );
  const [a, b] = sides;
  if (a === undefined || b === undefined) return undefined;
  const used = open.filter((name) => a.variables().has(placeholder(name)) || b.variables().has(placeholder(name)));
  const [name, ...others] = used;
  if (name === undefined || others.length > 0) return undefined;
  const size = a.variables().has(placeholder(name)) ? solvedFor(placeholder(name), a, b) : solvedFor(placeholder(name), b, a);
  return size === undefined || size.variables().has(placeholder(name)) ? undefined : { name, size };
}

/** A name that no program can contain. */
function placeholder(name: string): string {
  return `?${name}`;
}

/** Reports names that the sizes of a signature's inputs or result do not determine, each once; false if there are none. */
export function reportUnsolved(cx: Context, unsolved: readonly string[], sizes: readonly Expr[], of: 'inputs' | 'result'): boolean {
  const reported = new Set<string>();
  for (const size of sizes) {
    const names = namesOf(size).filter((name) => unsolved.includes(name.name));
    const [first] = names;
    const other = names.find((name) => name.name !== first?.name)?.name;
    if (first !== undefined && !names.some((name) => reported.has(name.name)))
      cx.error('unsolved-size', first.span, {
        name: first.name,
        other,
        text: cx.module.file.text.slice(size.span.start, size.span.end),
        of,
      });
    for (const { name } of names) reported.add(name);
  }
  return reported.size > 0;
}

/**
 * Gives the names that only the result of a declaration mentions the sizes that its `where` equations state: `where K == 2 * C`. Other
 * clauses about them are reported, because a use could not check them.
 */
export function bindResultSizes(cx: Context, decl: LayerDecl | FnDecl, signature: Signature = signatureOf(decl, cx.module)): void {
  const { dims, inputDims, lateClauses } = signature;
  if (lateClauses.length === 0) return;
  const open = [...dims].filter((name) => !inputDims.has(name) && cx.scope.find(name) === undefined);
  if (open.length === 0) return;
  const equations = lateClauses
    .flatMap(equationsOf)
    .map(([left, right]) => ({ left: () => sizeOf(cx, left), right: () => sizeOf(cx, right) }));
  const unsolved = solveSizes(cx, cx.body, open, equations);
  for (const clause of lateClauses) {
    const name = namesOf(clause).find((n) => unsolved.includes(n.name));
    if (name === undefined || cx.body.here(name.name) !== undefined) continue;
    cx.error('late-fact', name.span, { name: name.name, clause: cx.module.file.text.slice(clause.span.start, clause.span.end) });
    cx.body.define(name.name, { value: unknown, span: name.span, role: 'dim' });
  }
}

/**
 * Whether every name in the input types of a declaration can be inferred from the given tensors, `shapes`; reports those that cannot: a use
 * (for a model, a run) would not know these sizes.
 */
export function solvableInputs(cx: Context, { inputs, inputDims }: Signature, shapes: readonly (Shape | undefined)[]): boolean {
  const isOpen = (name: string) => {
    const value = cx.body.here(name)?.value;
    return value?.kind === 'int' && value.dim.constant === undefined;
  };
  const open = new Set<string>();
  for (const name of inputDims) if (isOpen(name)) open.add(name);
  const solved = solutionsOf(
    shapes.filter((shape) => shape !== undefined),
    open,
  );
  const unsolved = [...open].filter((name) => !solved.has(name));
  if (unsolved.length === 0) return true;
  const formals = inputs.flatMap((input) => input.type.dims.filter((d): d is SizeDim => d.kind === 'size'));
  return !reportUnsolved(
    cx,
    unsolved,
    formals.map(({ size }) => size),
    'inputs',
  );
}

function equationsOf(clause: Expr): readonly (readonly [Expr, Expr])[] {
  if (clause.kind !== 'binary') return [];
  if (clause.op === '&' || clause.op === '&&') return [...equationsOf(clause.left), ...equationsOf(clause.right)];
  return clause.op === '==' ? [[clause.left, clause.right]] : [];
}

function namesOf(expr: Expr): readonly Extract<Expr, { kind: 'name' }>[] {
  return expr.kind === 'name' ? [expr] : exprsOf(expr).flatMap(namesOf);
}
