import type { Block, CallExpr, Expr, ImportDecl, ScanStmt, TrainDecl } from '../../1-syntax/ast.js';
import { eachNode, givenIn } from '../../1-syntax/walk.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { Report } from '../../diagnostics/report.js';
import { flatMap } from '../../lists.js';
import { matcherOf } from '../../name-patterns.js';
import { type DeclaredName, NameWalk } from '../modules/declared-names.js';
import type { Decl, Module } from '../modules/modules.js';
import { signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { namesOf } from '../sizes/unmet.js';
import { droppedLayers, partsOf } from './liveness.js';
import { namesSize } from './named-sizes.js';
import { isPlain } from './plain.js';
import { itemRemoval, removal } from './removal.js';

/**
 * Warns about what a file declares but uses in no branch. `outside` are the names that external settings refer to. Only for a file without
 * errors: a mistake may be the reason why something is not used.
 */
export function reportUnused(session: Session, module: Module, outside: ReadonlySet<string>): void {
  const used = new Set(outside);
  for (const train of module.trains) for (const name of namesInTrain(train)) used.add(name);
  for (const decl of module.decls.values()) {
    const walk = namesOf(session, decl, module);
    for (const { text } of walk.outer) if (text !== decl.name.text) used.add(text);
    for (const warning of warningsInside(session, module, decl, walk)) session.report.push(warning);
  }
  for (const item of module.file.items) if (item.kind === 'import') reportImports(session, module, item, used);
  const hasModel = [...module.decls.values()].some((decl) => isModel(decl));
  for (const decl of hasModel ? module.decls.values() : []) {
    const { text, span } = decl.name;
    if (!isModel(decl) && !used.has(text) && !isExempt(text))
      session.report.add('unused-declaration', span, { name: text, kind: decl.kind === 'alias' ? decl.of : wordFor(decl) });
  }
}

function isModel(decl: Decl): boolean {
  return decl.kind === 'model' || (decl.kind === 'alias' && decl.of === 'model');
}

function wordFor(decl: Decl): string {
  return { let: 'constant', fn: 'function', layer: 'layer', model: 'model', alias: 'layer', config: 'record' }[decl.kind];
}

function isExempt(name: string): boolean {
  return name === '' || name.startsWith('_');
}

function namesInTrain(train: TrainDecl): readonly string[] {
  const walk = new NameWalk();
  walk.visit(train.model, train.clauses);
  walk.end();
  return walk.outer.map(({ text }) => text);
}

// ---------------------------------------------------------------- imports

function reportImports(session: Session, module: Module, item: ImportDecl, used: ReadonlySet<string>): void {
  const unused = item.names.filter(({ name, alias }) => {
    const local = (alias ?? name).text;
    return !used.has(local) && !isExempt(local);
  });
  const spans = item.names.map(({ name, alias }) => spanBeside(name.span, name.span.start, (alias ?? name).span.end));
  const { text } = module.file;
  for (const entry of unused) {
    const { name, alias } = entry;
    const span = spans[item.names.indexOf(entry)] ?? name.span;
    const isWhole = unused.length === item.names.length;
    const edit = isWhole ? removal(text, item.span) : itemRemoval(text, spans, span);
    const fix: Fix = { title: isWhole ? 'remove the import' : `remove \`${name.text}\` from the import`, edits: [edit], safe: true };
    session.report.add('unused-import', (alias ?? name).span, { name: (alias ?? name).text }, { fixes: [fix] });
  }
}

// ---------------------------------------------------------------- inside a declaration

/** What a declaration itself is warned of; found once for the same declaration, unless what `train` blocks use matters. */
function warningsInside(session: Session, module: Module, decl: Decl, walk: NameWalk): readonly Diagnostic[] {
  const known = module.trains.length === 0 ? session.warnings.get(decl) : undefined;
  if (known !== undefined) return known;
  const found: Diagnostic[] = [];
  const report = new Report();
  report.onPush = (warning) => found.push(warning);
  reportInside(report, session, module, decl, walk);
  if (module.trains.length === 0) session.warnings.set(decl, found);
  return found;
}

function reportInside(report: Report, session: Session, module: Module, decl: Decl, walk: NameWalk): void {
  const of = decl.name.text;
  const { bodies, scans } = partsOf(decl);
  const dropped = reportDropped(report, module, bodies, walk);
  for (const scan of scans) reportUnchanged(report, scan);
  const isHyper = decl.kind === 'layer' || decl.kind === 'model' || decl.kind === 'fn';
  const isTapped = tappedBy(module);
  const inTrains = new Set(module.trains.filter((train) => isFor(train, of)).flatMap(namesInTrain));
  for (const declared of walk.declared) {
    const { name, role, used } = declared;
    const { text, span } = name;
    if (used || isExempt(text) || dropped.has(declared)) continue;
    if (role === 'let') report.add('unused-let', span, { name: text }, { fixes: removalOf(session, module, declared, walk) });
    else if (role === 'variable' && isTapped(text)) continue;
    else if (role === 'variable' && !namesSize(decl, module, declared, walk))
      report.add('unused-variable', span, { name: text }, { fixes: removalOf(session, module, declared, walk) });
    else if (inTrains.has(text)) continue;
    else if (role === 'hyper' && isHyper) report.add('unused-hyperparameter', span, { name: text, of });
    else if (role === 'input' && decl.kind === 'model' && !givesSize(decl, module, text, walk))
      report.add('unused-input', span, { name: text, of });
  }
}

/** Whether the `train` blocks of the file may read a variable with a name by `tap("layers[*].aux")`. */
function tappedBy({ trains }: Module): (name: string) => boolean {
  const matchers: ((name: string) => boolean)[] = [];
  for (const { clauses } of trains) {
    eachNode(clauses, (node) => {
      const { callee, args } = node as CallExpr;
      const [pattern] = node.kind === 'call' && callee.kind === 'name' && callee.name === 'tap' ? args : [];
      if (pattern?.value.kind !== 'string') return;
      const text = pattern.value.parts.map((part) => (typeof part === 'string' ? part : '*')).join('');
      matchers.push(matcherOf(text.slice(text.lastIndexOf('.') + 1), { below: false }));
    });
  }
  return (name) => matchers.some((matches) => matches(name));
}

/** Warns about carries without `next`: most likely, the new value was assigned instead. */
function reportUnchanged(report: Report, { carries, body }: ScanStmt): void {
  const given = new Set(givenIn(body, 'next').map(({ name }) => name.text));
  for (const { name } of carries)
    if (!given.has(name.text) && !isExempt(name.text)) report.add('unchanged-carry', name.span, { name: name.text });
}

function isFor({ model }: TrainDecl, name: string): boolean {
  const whole = model.kind === 'member' ? model.object : model;
  const named = whole.kind === 'call' ? whole.callee : whole;
  return named.kind === 'name' && named.name === name;
}

/** Whether an input determines a size that the body reads. */
function givesSize(decl: Extract<Decl, { kind: 'layer' | 'model' }>, module: Module, name: string, walk: NameWalk): boolean {
  const { inputs } = signatureOf(decl, module);
  const sizesIn = (types: readonly unknown[]) => {
    const inside = new NameWalk();
    inside.visit(types);
    inside.end();
    return inside.outer.map(({ text }) => text);
  };
  const own = sizesIn(inputs.filter((input) => input.name.text === name).map(({ type }) => type));
  const others = new Set(sizesIn(inputs.filter((input) => input.name.text !== name).map(({ type }) => type)));
  return own.some((size) => !others.has(size) && walk.declared.some((d) => d.role === 'dim' && d.name.text === size && d.used));
}

function reportDropped(report: Report, module: Module, bodies: readonly Block[], walk: NameWalk): ReadonlySet<DeclaredName> {
  const reported = new Set<DeclaredName>();
  for (const { layer, names } of flatMap(bodies, (body) => droppedLayers(body, walk))) {
    const label = module.file.text.slice(layer.labelSpan.start, layer.labelSpan.end);
    const name = names[0];
    if (name === undefined) continue;
    report.add('dropped-layer', layer.labelSpan, { label, name: name.name.text, again: name.used });
    for (const dropped of names) reported.add(dropped);
  }
  return reported;
}

/** Whether the outputs of a layer or function are unpacked, and not compile-time values, which may include layers. */
function givesTensors(value: Expr, module: Module, walk: NameWalk): boolean {
  switch (value.kind) {
    case 'pipe':
      return givesTensors(value.stage, module, walk);
    case 'as':
      return givesTensors(value.value, module, walk);
    case 'label':
      return givesTensors(value.target, module, walk);
    case 'call':
      return givesTensors(value.callee, module, walk);
    case 'name': {
      const imported = module.imports.get(value.name);
      const decl =
        imported === undefined || imported === 'missing' ? module.decls.get(value.name) : imported.module.decls.get(imported.name);
      return !walk.meanings.has(value) && decl?.kind !== 'let';
    }
    default:
      return false;
  }
}

/** Removes every statement that assigns a name, if none of them does anything else. */
function removalOf(session: Session, module: Module, declared: DeclaredName, walk: NameWalk): readonly Fix[] {
  const isTaken = (name: string) => module.decls.has(name) || module.imports.has(name);
  const { text } = module.file;
  const edits = declared.places.map(({ statement, name }) => {
    if (statement.kind === 'let' && statement.params !== undefined) return removal(text, statement.span);
    if (session.harmless.get(statement) !== true) return undefined;
    const { value } = statement;
    const isAlone = statement.kind === 'let' || (statement.kind === 'assign' && statement.target.kind === 'bind');
    if (isAlone) return isPlain(value, walk, isTaken) ? removal(text, statement.span) : undefined;
    return isPlain(value, walk, isTaken) || givesTensors(value, module, walk) ? { span: name.span, text: '_' } : undefined;
  });
  const known = edits.filter((edit) => edit !== undefined);
  if (known.length < edits.length || known.length === 0) return [];
  const isRenamed = known.every((edit) => edit.text === '_');
  return [{ title: isRenamed ? 'write `_` for it' : `remove \`${declared.name.text}\``, edits: known, safe: true }];
}
