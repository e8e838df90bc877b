import type { Expr, FnDecl, LayerDecl, SizeDim } from '../1-syntax/ast.js';
import { exprsOf } from '../1-syntax/walk.js';
import { Dim } from '../dims/dim.js';
import { solvedFor } from '../dims/solve.js';
import type { Context } from './context.js';
import type { Scope } from './scope.js';
import { bareName, type Signature, signatureOf } from './signature.js';
import { sizeOf } from './type-expressions.js';
import { unknown } from './values.js';

/** Two sizes that are equal, computed with what is known when they are asked for. */
export interface SizeEquation {
  readonly left: () => Dim | undefined;
  readonly right: () => Dim | undefined;
}

/**
 * Gives `names` the sizes that solve `equations`, in `scope`, as far as an equation is linear in one of them. What does not divide is rounded down: the
 * equations have to be checked afterwards. Gives back the names that nothing solves.
 */
export function solveSizes(cx: Context, scope: Scope, names: readonly string[], equations: readonly SizeEquation[]): readonly string[] {
  let open = names;
  for (let before = -1; open.length !== before; ) {
    before = open.length;
    for (const equation of equations) {
      const solved = solution(cx, open, equation);
      if (solved === undefined) continue;
      scope.define(solved.name, { value: { kind: 'int', dim: solved.size }, span: cx.module.file.span, role: 'dim' });
      open = open.filter((name) => name !== solved.name);
    }
  }
  return open;
}

function solution(cx: Context, open: readonly string[], { left, right }: SizeEquation): { name: string; size: Dim } | undefined {
  // Complaints about names that are not known yet are none.
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

/** A name that no program can write. */
function placeholder(name: string): string {
  return `?${name}`;
}

/** Reports names that the sizes of a signature's inputs or result do not settle; false if there are none in them. */
export function reportUnsolved(cx: Context, unsolved: readonly string[], sizes: readonly Expr[], of: 'inputs' | 'result'): boolean {
  let found = false;
  for (const size of sizes) {
    const [first, ...others] = namesOf(size).filter((name) => unsolved.includes(name.name));
    if (first === undefined) continue;
    found = true;
    const other = others.find((name) => name.name !== first.name)?.name;
    cx.error('unsolved-size', first.span, { name: first.name, other, text: cx.module.file.text.slice(size.span.start, size.span.end), of });
  }
  return found;
}

/**
 * Gives the names that only the result of a declaration mentions the sizes that its `where` equations state: `where K == 2 * C`. Other clauses about
 * them are reported, because a use could not check them.
 */
export function bindResultSizes(cx: Context, decl: LayerDecl | FnDecl, signature: Signature = signatureOf(decl, cx.module)): void {
  if (decl.where.length === 0 || signature.dims.size === signature.inputDims.size) return;
  const open = [...signature.dims].filter((name) => !signature.inputDims.has(name) && cx.scope.find(name) === undefined);
  if (open.length === 0) return;
  const equations = decl.where
    .flatMap(equationsOf)
    .map(([left, right]) => ({ left: () => sizeOf(cx, left), right: () => sizeOf(cx, right) }));
  const unsolved = solveSizes(cx, cx.body, open, equations);
  for (const clause of decl.where) {
    const name = namesOf(clause).find((n) => unsolved.includes(n.name));
    if (name === undefined || cx.body.here(name.name) !== undefined) continue;
    cx.error('late-fact', name.span, { name: name.name, clause: cx.module.file.text.slice(clause.span.start, clause.span.end) });
    cx.body.define(name.name, { value: unknown, span: name.span, role: 'dim' });
  }
}

/** Whether a use can find every name that stands in arithmetic only, as in `x: Tensor[N, 2 * T]`; reports those that it cannot. */
export function solvableInputs(cx: Context, { inputs, inputDims }: Signature): boolean {
  const formals = inputs.flatMap((input) => input.type.dims.filter((d): d is SizeDim => d.kind === 'size'));
  const bare = new Set(formals.map(bareName));
  const open = [...inputDims].filter((name) => !bare.has(name));
  if (open.length === 0) return true;
  return cx.nested(() => {
    for (const name of inputDims)
      if (bare.has(name))
        cx.scope.define(name, { value: { kind: 'int', dim: Dim.variable(name) }, span: cx.module.file.span, role: 'dim' });
    const equations = formals.map(({ size }, i) => ({ left: () => sizeOf(cx, size), right: () => Dim.variable(`?${i}`) }));
    const unsolved = solveSizes(cx, cx.scope, open, equations);
    const sizes = formals.map(({ size }) => size);
    return !reportUnsolved(cx, unsolved, sizes, 'inputs');
  });
}

function equationsOf(clause: Expr): readonly (readonly [Expr, Expr])[] {
  if (clause.kind !== 'binary') return [];
  if (clause.op === '&' || clause.op === '&&') return [...equationsOf(clause.left), ...equationsOf(clause.right)];
  return clause.op === '==' ? [[clause.left, clause.right]] : [];
}

function namesOf(expr: Expr): readonly Extract<Expr, { kind: 'name' }>[] {
  return expr.kind === 'name' ? [expr] : exprsOf(expr).flatMap(namesOf);
}
