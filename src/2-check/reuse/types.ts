import type { AliasDecl, LetConstant, TrainDecl } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { anchorOf } from '../../diagnostics/anchor.js';
import { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { interpreter } from '../interpreter.js';
import { checkAlone } from '../layers/check-declaration.js';
import { asDeclared } from '../models/choice.js';
import { entriesOf } from '../models/entry-layers.js';
import { rigidSurroundings } from '../models/rigid-entry.js';
import type { Kind } from '../modules/kinds.js';
import type { Decl, Module } from '../modules/modules.js';
import { moduleContext } from '../modules/names.js';
import { checkConfig } from '../records/check-config.js';
import { Session, type Valued } from '../session.js';
import { checkTraining } from '../train/check-training.js';
import type { CheckValue } from '../values/values.js';

/** What is known of an expression, or of a name where it is declared or assigned. */
export interface Known {
  readonly value: CheckValue;
  /** The kind of a hyperparameter about which nothing else is known. */
  readonly kind: Kind | undefined;
}

/** The values of expressions and names. Of one that is evaluated several times, as in a loop, the last one. */
export type Types = ReadonlyMap<Valued, Known>;

/** The declaration or `train` block of a file in whose text an offset is. */
export function itemAt(module: Module, offset: number): Decl | TrainDecl | undefined {
  return [...module.decls.values(), ...module.trains].find(({ span }) => contains(span, offset));
}

/**
 * Evaluates a declaration for the values of its expressions: on its own, with hyperparameters as variables. Mistakes in it, which a check has reported, are not
 * reported again; what does not depend on them has a value.
 */
export function typesIn(session: Session, module: Module, item: Decl | TrainDecl): Types {
  const types = new Map<Valued, Known>();
  const anchor = anchorOf(item.span);
  const note = (node: Valued, value: CheckValue, kind?: Kind): void => {
    if (anchorOf(node.span) === anchor) types.set(node, { value, kind });
  };
  if (item.kind === 'train') {
    const { loader, limits, float, opset } = session;
    const training = new Session({ loader, report: new Report(), limits, float, training: true, opset });
    training.observe(note, () => checkTraining(training, module, item, asDeclared));
  } else session.observe(note, () => evaluateAlone(session, module, item));
  return types;
}

function evaluateAlone(session: Session, module: Module, decl: Decl): void {
  if (decl.kind === 'config') checkConfig(session, interpreter, decl, module);
  else if (decl.kind === 'alias' || (decl.kind === 'let' && decl.params === undefined)) evaluateConstant(session, module, decl);
  else if (decl.kind === 'let') evaluateUsers(session, module, decl);
  else if (decl.kind !== 'fn' && decl.inputs === undefined) {
    const known = session.rigidSurroundings.get(decl);
    session.rigidSurroundings.delete(decl);
    if (known !== undefined) session.onRollback(() => session.rigidSurroundings.set(decl, known));
    rigidSurroundings(session, interpreter, decl, module);
    for (const entry of entriesOf(decl, module)) checkAlone(session, interpreter, entry, module);
  } else checkAlone(session, interpreter, decl, module);
}

function evaluateConstant(session: Session, module: Module, decl: LetConstant | AliasDecl): void {
  const cx = moduleContext({ session, interpreter }, module);
  const value = cx.evaluateOptional(decl.value);
  if (decl.kind === 'let' && decl.within !== undefined) interpreter.bindPattern(cx, decl.within, value, 'let');
  else session.observer?.(decl.name, value);
}

/** The expressions of a compile-time function have values where it is called. */
function evaluateUsers(session: Session, module: Module, { name, span }: Decl): void {
  for (const user of module.decls.values())
    if (user.span !== span && mentions(user, name.text) && (user.kind !== 'let' || user.params === undefined))
      evaluateAlone(session, module, user);
}

function mentions(decl: Decl, name: string): boolean {
  let found = false;
  eachNode(decl, (node) => {
    if (node.kind === 'name' && (node as { readonly name?: string }).name === name) found = true;
  });
  return found;
}

/** The smallest expression or name around an offset that has a value. */
export function valuedAt(types: Types, offset: number): Valued | undefined {
  const around = [...types.keys()].filter(({ span }) => contains(span, offset));
  return around.reduce<Valued | undefined>((best, node) => (best === undefined || length(node) <= length(best) ? node : best), undefined);
}

function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function length({ span }: Valued): number {
  return span.end - span.start;
}
