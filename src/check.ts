import type { AliasDecl, LayerDecl } from './1-syntax/ast.js';
import { checkDeclarations } from './2-check/check.js';
import type { Residual } from './2-check/checked-model.js';
import { checkModel } from './2-check/models/check-model.js';
import { asDeclared } from './2-check/models/choice.js';
import { chooseModel, isComplete, modelsOf } from './2-check/models/choose-model.js';
import type { Module } from './2-check/modules/modules.js';
import type { Session } from './2-check/session.js';
import { checkTraining } from './2-check/train/check-training.js';
import { trainsOfOthers } from './2-check/train/trains-of.js';
import { elaborate } from './3-graph/elaborate.js';
import type { Graph } from './3-graph/graph.js';
import { checkEmission } from './6-emit/check-emission.js';
import type { CheckOptions } from './api/options.js';
import type { CheckedFile as PlainCheckedFile } from './api/results.js';
import { Report } from './diagnostics/report.js';
import type { Span } from './diagnostics/span.js';
import { FileTypes } from './file-types.js';
import type { Host } from './host.js';
import { append } from './lists.js';
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
  /** What the compiler knows of the file, for the features of an editor. Throws `Error` as `typeAt` does. */
  inside(): Inside;
}

/** The modules and types behind the latest check of a file. */
export interface Inside {
  readonly session: Session;
  readonly module: Module;
  /** The module and those that it imports, without the standard library. */
  readonly modules: readonly Module[];
  readonly types: FileTypes;
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
  /** The types in the latest version. */
  #types: FileTypes | undefined;

  constructor(entry: string, host: Host, options: CheckOptions) {
    this.#entry = entry;
    this.#host = host;
    this.#options = options;
  }

  first(host = this.#host): CheckedFile {
    const started = start(this.#entry, host, this.#options);
    this.#types = new FileTypes(started);
    return this.#checked(started);
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
    const types = this.#types ?? new FileTypes(started);
    const current = (): FileTypes => {
      if (this.#latest !== started) throw new Error('another text of this file was given to `next`');
      if (this.#known !== started) throw new Error('`next` threw an error: call it again with a text, and use the handle that it returns');
      return types;
    };
    const { session, loader, module } = started;
    return {
      ...checked,
      checkedAgain,
      next: (text) => this.#next(text),
      typeAt: (offset, path = this.#entry) => current().at(offset, path),
      inside: () => ({ types: current(), session, module, modules: loader.ownModules() }),
    };
  }

  /** Goes on with the next version of the file. */
  #again({ loader, session }: Started, text: string): CheckedFile {
    const sources = new Map<string, string>();
    const report = new Report(session.limits.diagnostics, sources);
    const { module, changes } = loader.again(this.#entry, text, report, sources);
    const outdated = session.dependencies.outdated(loader.ownModules(), changes, session.flaws);
    session.next(report, outdated);
    this.#types?.forget(outdated);
    const names = new Set(outdated.map(({ decl }) => decl.name.text));
    return this.#checked({ report, loader, session, module }, [...names].sort());
  }
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
    checkEmission(lowered({ graph, ranges: new Map() }, options, report, place, session.limits).onnx, report, place, session.limits);
  }
  return result(report, loader);
}
