import type { CallExpr, Expr, MemberExpr, NameExpr } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { append } from '../../lists.js';
import { ops } from '../../ops/index.js';
import { opNamed } from '../../ops/registry.js';
import { preludeDeclarations, standardModuleOf } from '../../stdlib.js';
import type { Context } from '../context.js';
import { entriesOf } from '../models/entry-layers.js';
import { dtypeNames } from '../pytorch/dtypes.js';
import { absentHelp, operatorName, sameLetters } from '../pytorch/names.js';
import { type Advice, replacing } from '../pytorch/replacing.js';
import { helpOf, writtenFor } from '../pytorch/unknown-calls.js';
import { builtins } from '../values/builtins.js';

const roots: ReadonlySet<string> = new Set(['torch', 'nn', 'F', 'np', 'numpy', 'math', 'self']);

/** What Python users mean by these names. */
const prefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...roots].map((name) => [name, 'there are no prefixes here: write `relu(x)`, `sqrt(2)` or `Linear(10)`'])),
  isinstance: 'kinds are known: a parameter declares its own, `width: int`',
  ModuleDict: 'labels name the layers of a model: `x -> encoder.fc: Linear(8)`',
  ModuleList: 'labels with an index make a list: `for i in 0..3 { x = x -> layers[i]: Linear(8) }`',
  Parameter: 'a trained tensor is declared: `param scale: Tensor[8] = ones`',
  print: 'values are known only in a run: make them outputs of the model',
  super: 'there are no classes: leave the line out',
  self: 'there is no `self`: write a layer where it is used, `x -> fc: Linear(10)`, or bind it to a name, `fc = Linear(10)`',
  lambda: 'a function of the compiler is `let f(v) = v * 2`',
  cond: 'a choice at run time is `cond c { a } else { b }`',
  scan: 'a recurrence at run time is `scan xt over x axis 1 carry h: Tensor[...] = zeros { next h = ... }`',
  Sequential: 'a pipeline is a sequence: `x -> Linear(8) -> relu`',
};

/** Reports `torch.cat`, `nn.Linear` or `F.relu`: there are no prefixes here. False if the name before the dot is one of the user's own. */
export function reportPrefix(cx: Context, expr: MemberExpr): boolean {
  const root = prefixOf(expr.object);
  if (root === undefined) return false;
  const { name } = root;
  if (name === 'self' && !isMember(cx, expr)) return false;
  if (cx.scope.find(name) !== undefined || cx.module.decls.has(name) || cx.module.imports.has(name)) return false;
  cx.session.met.add(root);
  cx.error('unknown-name', expr.object.span, { name, near: [] }, prefixAdvice(cx, expr));
  return true;
}

/** Whether something is called so without the `self.` before it. */
function isMember(cx: Context, { object, name }: MemberExpr): boolean {
  return object.kind === 'name' && (cx.scope.find(name.text) !== undefined || name.text === 'training');
}

function prefixAdvice(cx: Context, expr: MemberExpr): Advice {
  const { text } = expr.name;
  if (expr.object.kind === 'name' && expr.object.name === 'self')
    return { help: `there is no \`self\`: write \`${text}\``, fixes: replacing(cx, expr.span, text) };
  const call = cx.callOf(expr);
  const other = writtenFor(cx, expr, text);
  const advise = (written: string, span?: Span): Advice => ({
    help: `there are no prefixes here: write \`${written}\``,
    fixes: span === undefined ? [] : replacing(cx, span, written),
  });
  if (measuresMatrix(expr, call)) return { help: 'there are no matrix norms; `norm(x, p = 1)` measures vectors', fixes: [] };
  if (call === undefined && Object.hasOwn(dtypeNames, text)) return advise(dtypeNames[text] ?? text, expr.span);
  if (other !== undefined) return advise(other.text, other.span);
  if (isKnown(text)) return advise(text, expr.span);
  const [near] = operatorName(text) === text ? sameLetters(text, namesAt(cx)) : [operatorName(text)];
  if (near !== undefined) return advise(near, expr.span);
  const word = Object.hasOwn(prefixes, text) ? prefixes[text] : absentHelp(text);
  return { help: word ?? `there are no prefixes here, and nothing is called \`${text}\``, fixes: [] };
}

/** `torch.linalg.norm(x, 1)` is the norm of a matrix if `x` is one. */
function measuresMatrix({ object, name }: MemberExpr, call: CallExpr | undefined): boolean {
  if (name.text !== 'norm' || object.kind !== 'member' || object.name.text !== 'linalg') return false;
  return call?.args.some((arg, i) => (arg.name === undefined ? i === 1 : arg.name.text === 'ord')) === true;
}

/** Whether archc has something with this name and the same meaning. */
function isKnown(name: string): boolean {
  if (name === 'equal') return false;
  return (
    opNamed(name) !== undefined || preludeDeclarations().includes(name) || builtins.some((fn) => fn.name === name) || constants.has(name)
  );
}

const constants: ReadonlySet<string> = new Set(['pi', 'inf']);

/** The first name of a prefix such as `torch.nn.functional`. */
function prefixOf(expr: Expr): NameExpr | undefined {
  if (expr.kind === 'name') return roots.has(expr.name) ? expr : undefined;
  return expr.kind === 'member' && ['nn', 'functional', 'linalg', 'special'].includes(expr.name.text) ? prefixOf(expr.object) : undefined;
}

/** Reports an unknown name in an `as` that cannot give a name to a size. */
export function reportUnknownSize(cx: Context, expr: NameExpr): void {
  cx.session.met.add(expr);
  cx.error('unknown-name', expr.span, { name: expr.name, near: [] }, { help: unknownSizeHelp });
}

const unknownSizeHelp =
  '`as` names a size only directly after the expression that makes it, as in `nonzero(x) as [K, 2]`; everywhere else it checks sizes that have a name';

/** Reports an unknown name, with what was probably meant: a similar name, one that is not imported, or a word of another framework. */
export function reportUnknownName(cx: Context, expr: NameExpr): void {
  const { name, span } = expr;
  const late = cx.late.has(name)
    ? `\`${name}\` appears only in the result, and is known when the body ends; state it with \`where ${name} == ...\`, or compute it`
    : undefined;
  // When so much is wrong already, looking for similar names would take most of the time.
  const isEnough = cx.problems.length >= cx.session.limits.diagnostics;
  const source = isEnough ? undefined : standardModuleOf(name);
  const imported = source === undefined ? undefined : `import { ${name} } from "${source}"`;
  const written = writtenFor(cx, expr, name);
  const foreign = Object.hasOwn(prefixes, name)
    ? prefixes[name]
    : isEntryName(cx, name)
      ? entryHelp
      : written === undefined
        ? absentHelp(name)
        : helpOf(written);
  const comment = slashBefore(cx, span);
  const help =
    late ??
    (comment === undefined ? undefined : '`//` is floor division; a comment begins with `#`') ??
    (imported === undefined ? foreign : `it is in the standard library: \`${imported}\``);
  const renamed = operatorName(name);
  const near = isEnough || help !== undefined ? [] : renamed !== name ? [renamed] : suggest(name, namesAt(cx));
  const fixes: Fix[] = [];
  if (comment !== undefined) fixes.push({ title: 'write `#`', edits: [{ span: comment, text: '#' }] });
  else if (imported !== undefined && late === undefined)
    fixes.push({ title: imported, edits: [{ span: spanBeside(span, 0, 0), text: `${imported}\n` }] });
  else if (near.length > 0)
    append(
      fixes,
      near.map((text) => ({ title: `write \`${text}\``, edits: [{ span, text }] })),
    );
  else if (help === foreign && written?.span !== undefined) append(fixes, replacing(cx, written.span, written.text));
  cx.error('unknown-name', span, { name, near }, { fixes, help });
}

/** The `//` right before a name, which may be meant to begin a comment. */
function slashBefore(cx: Context, span: Span): Span | undefined {
  const { text } = cx.module.file;
  const [found] = /\/\/[ \t]*$/.exec(text.slice(Math.max(0, span.start - 80), span.start)) ?? [];
  const endsLine = /^[^\S\n]*(?:\n|$)/.test(text.slice(span.end, span.end + 80));
  return found === undefined || !endsLine ? undefined : spanBeside(span, span.start - found.length, span.start - found.length + 2);
}

const entryHelp = 'entries do not call each other: bind the layers that they share beside them, and apply those in each entry';

function isEntryName({ module }: Context, name: string): boolean {
  return [...module.decls.values()].some(
    (decl) => decl.kind === 'model' && entriesOf(decl, module).some((entry) => entry.name.text === name),
  );
}

function namesAt(cx: Context): readonly string[] {
  const { decls, imports } = cx.module;
  return [
    ...cx.scope.names(),
    ...decls.keys(),
    ...[...imports.keys()].filter((name) => imports.get(name) !== 'missing'),
    ...preludeDeclarations(),
    ...ops.map((op) => op.name),
    ...builtins.map((fn) => fn.name),
  ];
}
