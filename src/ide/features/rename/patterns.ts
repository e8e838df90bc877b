import type { CallExpr, PathPattern, StringExpr, TrainDecl } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Decl, Module } from '../../../2-check/modules/modules.js';
import type { Session } from '../../../2-check/session.js';
import { namesOf } from '../../../2-check/sizes/unmet.js';
import type { Edit } from '../../../diagnostics/record.js';
import type { Span } from '../../../diagnostics/span.js';
import { append } from '../../../lists.js';
import type { FileView } from '../../file-view.js';
import { storagesIn, weightName } from '../../names/members.js';
import type { Named } from '../../names/named.js';
import { declNamed, trainedModel } from '../../names/outer.js';
import type { Workspace } from '../../workspace.js';
import { homeOf, viewsWith } from './uses.js';

export interface PatternEdits {
  readonly edits: readonly Edit[];
  readonly warnings: readonly string[];
}

/** The patterns of `train` blocks that name a label, weight or variable literally: `freeze encoder.fc`, `tap("layers.0.fc")`. */
export function renamedInPatterns(workspace: Workspace, named: Named, newName: string): PatternEdits {
  const edits: Edit[] = [];
  const warnings: string[] = [];
  const home = ['label', 'storage', 'variable'].includes(named.kind) ? homeOf(workspace, named) : undefined;
  if (home === undefined || home.item.kind === 'train') return { edits, warnings };
  for (const view of viewsWith(workspace, named.name)) {
    for (const train of view.module.trains) {
      const segments = patternsIn(train).flatMap((pattern) => segmentsOf(pattern, view.text, named.name));
      if (segments.length === 0) continue;
      const owners = ownersOf(view, train, named.name);
      if (!owners.all.some(({ name }) => isAt(name.span, home.item.name.span))) continue;
      for (const { span, isFirst, pattern } of segments) {
        const isOwn =
          isFirst && owners.trained !== undefined ? isAt(owners.trained.name.span, home.item.name.span) : owners.all.length === 1;
        if (isOwn) edits.push({ span, text: newName });
        else if (!isFirst || owners.trained === undefined)
          warnings.push(
            `the pattern \`${pattern}\` of \`${train.name.text}\` stays as it is: \`${named.name}\` may be that of another layer`,
          );
      }
    }
  }
  return { edits, warnings };
}

function isAt(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start;
}

interface Segment {
  readonly span: Span;
  /** Whether it is a label of the trained model itself. */
  readonly isFirst: boolean;
  readonly pattern: string;
}

/** The pieces of a pattern between dots that are a name, with or without an index. */
function segmentsOf(span: Span, text: string, name: string): readonly Segment[] {
  const pattern = text.slice(span.start, span.end);
  const found: Segment[] = [];
  let at = 0;
  for (const piece of pattern.split('.')) {
    const [word = ''] = /^\s*\w*/.exec(piece) ?? [];
    const rest = piece.slice(word.length).trim();
    const start = span.start + at + word.length - word.trimStart().length;
    if (word.trim() === name && (rest === '' || rest.startsWith('[')))
      found.push({ span: { file: span.file, start, end: start + name.length }, isFirst: at === 0, pattern });
    at += piece.length + 1;
  }
  return found;
}

function patternsIn(train: TrainDecl): readonly Span[] {
  const spans: Span[] = [];
  eachNode(train.clauses, (node) => {
    const { callee, args } = node as CallExpr;
    const [pattern] = node.kind === 'call' && callee.kind === 'name' && callee.name === 'tap' ? args : [];
    if (pattern?.value.kind === 'string') spans.push(insideOf(pattern.value));
  });
  const add = (patterns: readonly PathPattern[]) =>
    append(
      spans,
      patterns.map(({ span }) => span),
    );
  for (const clause of train.clauses) {
    if ('patterns' in clause) add(clause.patterns);
    if (clause.kind === 'optimizer') for (const { patterns } of clause.groups) add(patterns);
  }
  return spans;
}

function insideOf({ span: { file, start, end } }: StringExpr): Span {
  return { file, start: start + 1, end: Math.max(start + 1, end - 1) };
}

interface Owners {
  /** The declarations that the trained model consists of and that have something with the name. */
  readonly all: readonly Decl[];
  /** The trained model, if it is one of them. */
  readonly trained: Decl | undefined;
}

function ownersOf({ inside, module }: FileView, train: TrainDecl, name: string): Owners {
  const trained = trainedModel(train, module);
  if (trained === undefined) return { all: [], trained: undefined };
  const all = reachable(trained.decl, trained.module, inside.session).filter((decl) => hasInside(decl, name));
  return { all, trained: all.find((decl) => decl === trained.decl) };
}

/** A declaration and those that it uses, directly or not, outside the standard library. */
function reachable(decl: Decl, module: Module, session: Session): readonly Decl[] {
  const found = new Set<Decl>([decl]);
  const visit = (current: Decl, home: Module): void => {
    for (const { text } of namesOf(session, current, home).outer) {
      const other = home.decls.has(text) ? { decl: home.decls.get(text), module: home } : undefined;
      for (const next of [other, declNamed(text, home)]) {
        if (next?.decl === undefined || next.module.standard || found.has(next.decl)) continue;
        found.add(next.decl);
        visit(next.decl, next.module);
      }
    }
  };
  visit(decl, module);
  return [...found];
}

/** Whether the body of a declaration has a label, weight or variable with a name. */
function hasInside(decl: Decl, name: string): boolean {
  if ((decl.kind === 'layer' || decl.kind === 'model') && storagesIn(decl).some((storage) => weightName(storage) === name)) return true;
  let found = false;
  eachNode(decl, (node) => {
    const { segments, target } = node as { readonly segments?: readonly unknown[]; readonly target?: unknown };
    if (node.kind === 'label') found ||= segments?.some((segment) => wordIn(segment) === name) === true;
    if (node.kind === 'assign') found ||= namesIn(target).includes(name);
  });
  return found;
}

function wordIn(segment: unknown): string | undefined {
  return (segment as { readonly name?: { readonly text: string } }).name?.text;
}

function namesIn(pattern: unknown): readonly string[] {
  const names: string[] = [];
  eachNode(pattern, (node) => {
    if (node.kind === 'bind') names.push(wordIn(node) ?? '');
  });
  return names;
}
