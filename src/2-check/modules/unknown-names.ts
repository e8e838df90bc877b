import type { Expr, MemberExpr, NameExpr } from '../../1-syntax/ast.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import { suggest } from '../../diagnostics/suggest.js';
import { ops } from '../../ops/index.js';
import { opNamed } from '../../ops/registry.js';
import { preludeDeclarations, standardModuleOf } from '../../stdlib.js';
import type { Context } from '../context.js';
import { instead } from '../pytorch/names.js';
import { builtins } from '../values/builtins.js';

/** What Python users mean by these names. */
const prefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['torch', 'nn', 'F', 'np', 'math'].map((name) => [name, 'there are no prefixes here: write `relu(x)`, `sqrt(2)` or `Linear(10)`']),
  ),
  self: 'there is no `self`: a layer stands where it is used, `x -> fc: Linear(10)`, or is bound to a name, `fc = Linear(10)`',
  lambda: 'a function of the compiler is `let f(v) = v * 2`',
  cond: 'a choice at run time is `cond c { a } else { b }`',
  scan: 'a recurrence at run time is `scan xt over x axis 1 carry h: Tensor[...] = zeros { next h = ... }`',
  Sequential: 'a pipeline is a sequence: `x -> Linear(8) -> relu`',
};

/** Reports `torch.cat`, `nn.Linear` or `F.relu`: there are no prefixes here. False if the name before the dot is one of the user's own. */
export function reportPrefix(cx: Context, expr: MemberExpr): boolean {
  const { object } = expr;
  const { text, span } = expr.name;
  const root = prefixOf(object);
  if (root === undefined) return false;
  const first = root.name;
  if (cx.scope.find(first) !== undefined || cx.module.decls.has(first) || cx.module.imports.has(first)) return false;
  const known = text !== 'equal' && (opNamed(text) !== undefined || preludeDeclarations().includes(text));
  const other = instead(cx, text, cx.callOf(expr)) ?? (known ? text : suggest(text, namesAt(cx))[0]);
  const help = other === undefined ? prefixes.torch : `there are no prefixes here: write \`${other}\``;
  const fixes = known ? [{ title: `write \`${text}\``, edits: [{ span: { ...object.span, end: span.end }, text }] }] : [];
  cx.session.met.add(root);
  cx.error('unknown-name', object.span, { name: first, near: [] }, { help, fixes });
  return true;
}

/** The first name of a prefix such as `torch.nn.functional`. */
function prefixOf(expr: Expr): NameExpr | undefined {
  if (expr.kind === 'name') return ['torch', 'nn', 'F'].includes(expr.name) ? expr : undefined;
  return expr.kind === 'member' && ['nn', 'functional', 'linalg', 'special'].includes(expr.name.text) ? prefixOf(expr.object) : undefined;
}

/** Reports an unknown name, with what was probably meant: a similar name, one that is not imported, or a word of another framework. */
export function reportUnknownName(cx: Context, expr: NameExpr): void {
  const { name, span } = expr;
  const late = cx.late.has(name)
    ? `\`${name}\` stands in the result only, and is known when the body ends; state it with \`where ${name} == ...\`, or compute it`
    : undefined;
  // When so much is wrong already, looking for similar names would take most of the time.
  const isEnough = cx.problems.length >= cx.session.limits.diagnostics;
  const source = isEnough ? undefined : standardModuleOf(name);
  const imported = source === undefined ? undefined : `import { ${name} } from "${source}"`;
  const other = instead(cx, name, cx.callOf(expr));
  const foreign = Object.hasOwn(prefixes, name)
    ? prefixes[name]
    : other === undefined
      ? undefined
      : other === 'x'
        ? 'leave it out: it changes nothing'
        : `write \`${other}\``;
  const help = late ?? (imported === undefined ? foreign : `it is in the standard library: \`${imported}\``);
  const near = isEnough || help !== undefined ? [] : suggest(name, namesAt(cx));
  const [best] = near;
  const fixes: Fix[] = [];
  if (imported !== undefined && late === undefined)
    fixes.push({ title: imported, edits: [{ span: { ...span, start: 0, end: 0 }, text: `${imported}\n` }] });
  else if (best !== undefined) fixes.push({ title: `write \`${best}\``, edits: [{ span, text: best }] });
  cx.error('unknown-name', span, { name, near }, { fixes, help });
}

function namesAt(cx: Context): readonly string[] {
  return [
    ...cx.scope.names(),
    ...cx.module.decls.keys(),
    ...cx.module.imports.keys(),
    ...preludeDeclarations(),
    ...ops.map((op) => op.name),
    ...builtins.map((fn) => fn.name),
  ];
}
