import type { AliasDecl, LayerDecl } from './1-syntax/ast.js';
import { checkDeclarations } from './2-check/check.js';
import type { Residual } from './2-check/checked-model.js';
import { checkModel } from './2-check/models/check-model.js';
import { asDeclared } from './2-check/models/choice.js';
import { chooseModel, isComplete, modelsOf } from './2-check/models/choose-model.js';
import { kindWords } from './2-check/modules/kinds.js';
import { itemAt, type Known, type Types, typesIn, valuedAt } from './2-check/reuse/types.js';
import { checkTraining } from './2-check/train/check-training.js';
import { trainsOfOthers } from './2-check/train/trains-of.js';
import { presentIn } from './2-check/values/absence.js';
import { describe } from './2-check/values/values.js';
import { elaborate } from './3-graph/elaborate.js';
import type { Graph } from './3-graph/graph.js';
import { checkEmission } from './6-emit/check-emission.js';
import type { CheckOptions } from './api/options.js';
import type { ExpressionType, CheckedFile as PlainCheckedFile } from './api/results.js';
import { type Anchor, anchorOf } from './diagnostics/anchor.js';
import { Report } from './diagnostics/report.js';
import { plainSpan, type Span } from './diagnostics/span.js';
import { plainSize } from './dims/plain-size.js';
import type { Host } from './host.js';
import { append } from './lists.js';
import { type DType, showType } from './ops/types.js';
import {
  type CheckResult,
  checkTrains,
  choiceOf,
  demandReason,
  hasSettings,
  lowered,
  refuseOpen,
  reportWarnings,
  residualsOf,
  result,
  type Started,
  start,
  trainingSession,
} from './stages.js';
import { isStandardFile } from './standard-file.js';

/** The result in the library's form, with the codes of the catalog. */
export interface CheckedFile extends CheckResult, Omit<PlainCheckedFile, keyof CheckResult | 'next'> {
  next(text: string): CheckedFile;
  /**
   * The names of declarations that an earlier version of the file had, or that depend on such, and that were checked again or are no longer there; undefined if
   * everything was checked.
   */
  readonly checkedAgain: readonly string[] | undefined;
}

/**
 * Checks a file: every declaration on its own, and every model that can be built without further settings, with its `train` blocks; and every declaration of the
 * files that it imports. Throws `HostError` as `compile` does.
 */
export function check(entry: string, host: Host, options: CheckOptions = {}): CheckedFile {
  return new Checker(entry, host, options).first();
}

class Checker {
  readonly #entry: string;
  readonly #host: Host;
  readonly #options: CheckOptions;
  /** What is known about the version that was checked last; undefined if the next check must start from scratch. */
  #known: Started | undefined;
  /** What the latest handle is of. */
  #latest: Started | undefined;

  constructor(entry: string, host: Host, options: CheckOptions) {
    this.#entry = entry;
    this.#host = host;
    this.#options = options;
  }

  first(host = this.#host): CheckedFile {
    return this.#checked(start(this.#entry, host, this.#options));
  }

  #next(text: string): CheckedFile {
    const known = this.#known;
    this.#known = undefined;
    // With a limit reached, the result depends on how much was checked before.
    if (known !== undefined && !known.session.limitReached) {
      const checked = this.#again(known, text);
      if (!known.session.limitReached) return checked;
    }
    const host = this.#host;
    return this.first({
      resolve: (source, from) => host.resolve(source, from),
      read: (path) => (path === this.#entry ? text : host.read(path)),
    });
  }

  #checked(started: Started, checkedAgain?: readonly string[]): CheckedFile {
    const checked = withOwnSources(checkAll(started, this.#options));
    this.#known = started;
    this.#latest = started;
    const types = new TypeLookup(started);
    return {
      ...checked,
      checkedAgain,
      next: (text) => this.#next(text),
      typeAt: (offset, path = this.#entry) => {
        if (this.#latest !== started) throw new Error('another text of this file was given to `next`');
        if (this.#known !== started) throw new Error('`next` has thrown: give it a text again, and ask the handle that it returns');
        return types.at(offset, path);
      },
    };
  }

  /** Goes on with the next version of the file. */
  #again({ loader, session }: Started, text: string): CheckedFile {
    const sources = new Map<string, string>();
    const report = new Report(session.limits.diagnostics, sources);
    const { module, changes } = loader.again(this.#entry, text, report, sources);
    const outdated = session.dependencies.outdated(loader.ownModules(), changes, session.flaws);
    session.next(report, outdated);
    const names = new Set(outdated.map(({ decl }) => decl.name.text));
    return this.#checked({ report, loader, session, module }, [...names].sort());
  }
}

/** The types in one version, which are found where they are asked for. */
class TypeLookup {
  readonly #started: Started;
  readonly #known = new Map<Anchor, Types>();

  constructor(started: Started) {
    this.#started = started;
  }

  at(offset: number, path: string): ExpressionType | undefined {
    const { session, loader } = this.#started;
    const module = loader.ownModules().find((other) => other.path === path);
    const item = module && itemAt(module, offset);
    const anchor = item && anchorOf(item.span);
    if (module === undefined || item === undefined || anchor === undefined) return undefined;
    const types = this.#known.get(anchor) ?? typesIn(session, module, item);
    this.#known.set(anchor, types);
    const node = valuedAt(types, offset);
    const known = node && types.get(node);
    return node && known && expressionType(node.span, known, session.float);
  }
}

function expressionType(place: Span, { value, kind }: Known, float: DType): ExpressionType | undefined {
  const span = plainSpan(place);
  if (value.kind === 'unknown') return kind === undefined || kind === 'any' ? undefined : { span, description: kindWords(kind) };
  const description = describe(value, (type) => showType(type, float));
  const present = presentIn(value);
  if (present.kind !== 'tensor') return { span, description };
  const { dtype, shape } = present.local.type;
  return { span, description, tensor: { dtype, shape: shape.map(plainSize) } };
}

/** Of the standard library, the files that messages point to: which others are read depends on what was known before. */
function withOwnSources(checked: CheckResult): CheckResult {
  const shown = new Set(checked.diagnostics.flatMap(({ span, notes }) => [span.file, ...notes.map((note) => note.span.file)]));
  const own = [...checked.sources].filter(([path]) => !isStandardFile(path));
  const standard = [...checked.sources].filter(([path]) => isStandardFile(path) && shown.has(path));
  return { ...checked, sources: new Map([...own, ...standard.sort(([a], [b]) => (a < b ? -1 : 1))]) };
}

function checkAll({ report, loader, session, module }: Started, options: CheckOptions): CheckResult {
  checkDeclarations(session, module);
  const isOne = options.model !== undefined || options.asBuild === true;
  const chosen = isOne ? [chooseModel(session, module, options.model)].filter((m) => m !== undefined) : modelsOf(module);
  const choice = choiceOf(session, options, chosen.length === 1);
  const isMeant = isOne || (chosen.length === 1 && hasSettings(options));
  // A model whose check depends on nothing but declarations is checked once for the same ones.
  const mayKeep = !isMeant && options.lower !== true && module.trains.length === 0 && choice?.with.size === 0 && choice.sizes.size === 0;
  const open: Residual[] = [];
  const graphs: { readonly graph: Graph; readonly place: Span }[] = [];
  const canBuild = !report.hasErrors;
  const made: (LayerDecl | AliasDecl)[] = [];
  for (const decl of chosen) {
    const known = mayKeep ? session.models.get(decl) : undefined;
    if (known !== undefined && canBuild) append(open, known);
    if (known !== undefined || choice === undefined || !canBuild || !(isMeant || isComplete(session, module, decl))) continue;
    report.endRound();
    session.flaws.within(decl.span, () => {
      const checked = checkModel(session, module, decl, choice);
      demandReason(checked, report);
      if (checked === undefined) return;
      const { entries } = elaborate(checked, report, session.limits, { edge: options.io });
      for (const { graph, checked: entry } of entries) if (options.lower === true) graphs.push({ graph, place: entry.span });
      append(open, residualsOf(checked));
      session.models.set(decl, residualsOf(checked));
      made.push(decl);
    });
  }
  // Mistakes in declarations that nothing here uses do not keep the models from being checked.
  report.endRound();
  for (const other of loader.ownModules()) if (other !== module) checkDeclarations(session, other);
  if (options.strict === true) refuseOpen(open, report);
  if (choice !== undefined) for (const decl of made) checkTrains({ report, loader, session, module }, decl, choice);
  const others = report.hasErrors || isOne ? [] : trainsOfOthers(session, module);
  const training = others.length === 0 ? undefined : trainingSession({ report, loader, session });
  if (training !== undefined) for (const train of others) checkTraining(training, module, train, asDeclared);
  if (report.hasErrors) return result(report, loader);
  // Warnings are found in the whole text each time.
  report.onPush = undefined;
  reportWarnings(session, module, options);
  for (const { graph, place } of graphs) {
    report.endRound();
    checkEmission(lowered(graph, options, report, place, session.limits).onnx, report, place, session.limits);
  }
  return result(report, loader);
}
