import type { NameExpr } from '../1-syntax/ast.js';
import type { Fix } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { ops } from '../ops/index.js';
import { preludeDeclarations, standardModuleOf } from '../stdlib.js';
import { builtins } from './builtins.js';
import type { Context } from './context.js';

/** What those mean who come from Python. */
const prefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['torch', 'nn', 'F', 'np', 'math'].map((name) => [name, 'there are no prefixes here: write `relu(x)`, `sqrt(2)` or `Linear(10)`']),
  ),
  self: 'there is no `self`: a layer stands where it is used, `x -> fc: Linear(10)`, or is bound to a name, `fc = Linear(10)`',
  lambda: 'a function of the compiler is `let f(v) = v * 2`',
  Sequential: 'a pipeline is a sequence: `x -> Linear(8) -> relu`',
};

/** Reports a name that means nothing here, with what it is likely to mean: a similar one, one that is not imported, a word of another framework. */
export function reportUnknownName(cx: Context, { name, span }: NameExpr): void {
  const late = cx.late.has(name)
    ? `\`${name}\` stands in the result only, and is known when the body ends; state it with \`where ${name} == ...\`, or compute it`
    : undefined;
  // Where so much is wrong already, looking for other names would take most of the time.
  const isEnough = cx.problems.length >= cx.session.limits.diagnostics;
  const source = isEnough ? undefined : standardModuleOf(name);
  const imported = source === undefined ? undefined : `import { ${name} } from "${source}"`;
  const foreign = Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
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
