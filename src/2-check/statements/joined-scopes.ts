import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { Claim, JoinedScope, ScopeNames } from '../layers/labels.js';

/** What is used without a level (the layer or function), and where. */
interface Use {
  readonly name: string;
  readonly isFunction: boolean;
  readonly span: Span;
}

/** Adds the names of a body to another scope: explicit names must be free there, and generated ones continue the numbering. */
export function joinNames(cx: Context, scope: JoinedScope, { written, invented }: ScopeNames, use: Use): void {
  const { labels, renames, claimed } = scope;
  const names = [...written.keys()].filter((name) => !claimed.has(name));
  const free: string[] = [];
  let reported = false;
  for (const name of names) {
    const claim = written.get(name);
    if (claim === undefined) continue;
    claimed.add(name);
    const here: Claim = { ...claim, through: use.span };
    const taken = labels.claim(name, here);
    if (taken === undefined) free.push(name);
    // A scope that holds one name of another holds all of them.
    else if (!reported) reportTaken(cx, name, here, taken, use);
    reported ||= taken !== undefined;
  }
  const made = invented.filter(({ label }) => !renames.has(label));
  for (const { stem, label } of made) renames.set(label, labels.invent(stem));
  if (names.length + made.length === 0) return;
  cx.session.onRollback(() => {
    labels.release(
      free,
      made.flatMap(({ label }) => renames.get(label) ?? []),
    );
    for (const name of names) claimed.delete(name);
    for (const { label } of made) renames.delete(label);
  });
}

/** A name below a joined scope as it is called there: `linear.weight` becomes `linear_2.weight`. */
export function renamed(name: string, renames: { get(label: string): { readonly label: string } | undefined }): string {
  const dot = name.indexOf('.');
  const label = dot < 0 ? undefined : renames.get(name.slice(0, dot))?.label;
  return label === undefined ? name : label + name.slice(dot);
}

/** Reports a name that was already used in its scope; if that was the same place, a loop has returned to it. */
export function reportTaken(cx: Context, name: string, claim: Claim, before: Claim, { name: layer, isFunction }: Omit<Use, 'span'>): void {
  const [place, first] = [placeOf(claim), placeOf(before)];
  const isLoop = isSame(place, first);
  const written = [claim, before].flatMap(({ through, span }) => (through === undefined ? [] : [span]));
  const notes = [
    ...(isLoop ? [] : [{ span: first, text: 'first used here' }]),
    ...written
      .filter((span, i) => !written.slice(0, i).some((other) => isSame(span, other)))
      .map((span) => ({ span, text: 'written here' })),
  ];
  const label = cx.module.file.path === claim.span.file ? cx.module.file.text.slice(claim.span.start, claim.span.end) : name;
  const help = helpFor(claim, isLoop, label, layer, isFunction) ?? (cx.frame.kind === 'cond' ? bothSides(claim) : undefined);
  if (claim.what === 'label') cx.error('duplicate-label', place, { label: name, layer }, { notes, help });
  else cx.error('duplicate-parameter', place, { name }, { notes, help });
}

function placeOf({ through, span }: Claim): Span {
  return through ?? span;
}

function isSame(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start;
}

/** What to do about it, if that differs from the general help of the code. */
function helpFor({ through, what }: Claim, isLoop: boolean, label: string, layer: string, isFunction: boolean): string | undefined {
  if (through === undefined) {
    return isLoop && what === 'label'
      ? `each time around the loop uses it: write \`${indexed(label)}: ${layer}(...)\`${/\]$/.test(label) ? ', where the new index counts the loop around it (`for (i, item) in enumerate(items)` counts a list)' : ''}, or bind the layer to a name before the loop to use the same weights`
      : undefined;
  }
  if (isFunction) return `a function adds no level to the names: make \`${layer}\` a layer, so that each use has a label of its own`;
  return isLoop
    ? `\`_\` adds no level, and each time around the loop uses the name again: write a label with the index, such as \`blocks[i]\``
    : `\`_\` adds no level: with a label, \`${layer}\` has names of its own`;
}

/** In a `cond`, the other use may be on the other side. */
function bothSides({ what }: Claim): string {
  return what === 'label'
    ? 'the weights of both sides of a `cond` exist: give this one another label, or bind the layer to a name before it to use the same weights on both'
    : 'the parameters of both sides of a `cond` exist: rename one, or declare it before the `cond` to use it on both';
}

/** A label with one more index before its own ones: `fc[j]` becomes `fc[i][j]`. */
function indexed(label: string): string {
  const at = label.indexOf('[');
  const [head, rest] = at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at)];
  const index = ['i', 'k', 'n'].find((letter) => !new RegExp(`\\b${letter}\\b`).test(rest)) ?? 'outer';
  return `${head}[${index}]${rest}`;
}
