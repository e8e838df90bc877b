import type { Block, EmitStmt, Expr, NextStmt } from './ast.js';

/** Calls `visit` with every node below `part`, outermost first, and with `part` itself if it is one. `part` is a node, or a list or record of nodes. */
export function eachNode(part: unknown, visit: (node: { readonly kind: string }) => void): void {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) eachNode(item, visit);
    return;
  }
  if ((part as { readonly kind?: string }).kind !== undefined) visit(part as { readonly kind: string });
  for (const key in part) {
    const inner: unknown = part[key as keyof typeof part];
    if (typeof inner === 'object' && inner !== null && key !== 'span') eachNode(inner, visit);
  }
}

/** What the steps of a scan give, by `emit` or `next`; what is in an inner scan belongs to that one. */
export function givenIn<K extends 'emit' | 'next'>(body: Block, kind: K): readonly Extract<EmitStmt | NextStmt, { kind: K }>[] {
  const found: Extract<EmitStmt | NextStmt, { kind: K }>[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || ('kind' in part && part.kind === 'scan')) return;
    if ('kind' in part && part.kind === kind) found.push(part as Extract<EmitStmt | NextStmt, { kind: K }>);
    for (const key in part) if (key !== 'span') visit(part[key as keyof typeof part]);
  };
  visit(body);
  return found;
}

/** The expressions directly inside another, in source order. For the blocks of `if` and `cond`, only their values count. */
export function exprsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'bool':
    case 'none':
    case 'name':
    case 'error':
      return [];
    case 'string':
      return expr.parts.filter((p): p is Expr => typeof p !== 'string');
    case 'list':
    case 'tuple':
      return expr.items.map((i) => i.value);
    case 'comprehension':
      return [expr.value, expr.iterable];
    case 'call':
      return [expr.callee, ...expr.args.map((a) => a.value)];
    case 'index':
      return [
        expr.object,
        ...expr.items.flatMap((i) => (i.kind === 'at' ? [i.value] : i.kind === 'slice' ? present([i.start, i.end, i.step]) : [])),
      ];
    case 'member':
    case 'present':
      return [expr.object];
    case 'unary':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'range':
      return [expr.start, expr.end];
    case 'pipe':
      return [expr.left, expr.stage];
    case 'label':
      return [...expr.segments.flatMap((s) => (s.kind === 'index' || s.kind === 'text' ? [s.value] : [])), expr.target];
    case 'as':
      return [expr.value];
    case 'if':
      return present([
        expr.condition,
        expr.then.value,
        expr.otherwise === undefined ? undefined : 'kind' in expr.otherwise ? expr.otherwise : expr.otherwise.value,
      ]);
    case 'cond':
      return present([expr.condition, expr.then.value, expr.otherwise.value]);
    case 'rearrange-pattern':
      return [...expr.from, ...expr.to];
  }
}

function present(list: readonly (Expr | undefined)[]): readonly Expr[] {
  return list.filter((e) => e !== undefined);
}
