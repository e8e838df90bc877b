import type { TrainDecl } from '../../1-syntax/ast.js';
import { Facts } from '../../dims/facts.js';
import { Context } from '../context.js';
import { interpreter } from '../interpreter.js';
import { Labels } from '../layers/labels.js';
import { parametersOf } from '../layers/parameters-of.js';
import { runAroundEntries } from '../models/around-entries.js';
import { signaturesOf } from '../models/check-model.js';
import { checkChoice, type ModelChoice, sizesFor } from '../models/choice.js';
import type { Surroundings } from '../models/surroundings.js';
import type { Module } from '../modules/modules.js';
import { moduleContext } from '../modules/names.js';
import { signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { applySettings } from '../settings/apply-settings.js';
import { assumeFacts } from '../sizes/assume.js';
import { sizesOfInputs } from '../sizes/empty-sizes.js';
import type { CheckedTraining } from './checked-training.js';
import { insideOf } from './inner-values.js';
import { checkOwnNames } from './own-names.js';
import { checkLayers, checkLoraPattern, checkPattern, checkTrained, type Matched } from './patterns.js';
import { readTrainSettings } from './settings.js';
import { newSizes } from './train.js';
import { type TrainedLayer, trainedLayer } from './trained-layer.js';
import { type TypedBlock, typeBlock } from './typed-block.js';

/**
 * Types a `train` block with its model, and finds what its patterns match. The session must be one that builds training forms: see `trainingSession`. `undefined`
 * if anything is wrong, which has been reported.
 */
export function checkTraining(session: Session, module: Module, train: TrainDecl, choice: ModelChoice): CheckedTraining | undefined {
  const outside = moduleContext({ session, interpreter }, module);
  const trained = chosenModel(outside, train, choice);
  const around = trained?.entry === undefined ? undefined : surroundings(session, trained);
  for (const problem of [...outside.problems, ...(around?.problems ?? [])]) session.report.push(problem);
  const isWrong = around?.problems.some(({ severity }) => severity === 'error') === true;
  if (trained === undefined || outside.problems.length > 0 || isWrong) return undefined;
  const { target, layer, entry } = trained;
  const signature = signatureOf(target, layer.module);
  const all = sizesFor({ entry: entry?.name.text, signature }, choice);
  const typed = (given: ReadonlyMap<string, number>, empty: ReadonlySet<string>) =>
    typeBlock({ session, module, train, trained, around, choice, given, empty });
  // Sizes along which states start empty are 0, whatever was given for them: they are known once the block is typed without them.
  const alone = sizesOfInputs(signature);
  const sure = new Map([...all].filter(([name]) => alone.has(name)));
  session.emptySizes.clear();
  let block = typed(sure, new Set());
  const empty = new Set([...session.emptySizes].filter((name) => signature.inputDims.has(name)));
  if (empty.size > 0 || sure.size < all.size) block = typed(new Map([...all].filter(([name]) => !empty.has(name))), empty);
  const checked = block.model && trainingOf(block.cx, train, block);
  for (const problem of block.cx.problems) session.report.push(problem);
  return block.cx.problems.some(({ severity }) => severity === 'error') ? undefined : checked;
}

/** The model of a block with its hyperparameters. What is wrong is reported. */
function chosenModel(cx: Context, train: TrainDecl, choice: ModelChoice): TrainedLayer | undefined {
  const trained = trainedLayer(cx, train.model);
  if (trained === undefined) return undefined;
  const { layer } = trained;
  const decl = layer.alias ?? layer.decl;
  const built = { name: decl.name.text, span: train.model.span, layer, module: cx.module };
  const made = applySettings(cx, built, choice.settings, choice.isOnly);
  if (made === undefined) return undefined;
  const own = new Set(train.clauses.flatMap((clause) => (clause.kind === 'input' ? newSizes(cx, clause.type) : [])));
  const sizes = new Map([...choice.sizes].filter(([name]) => !own.has(name)));
  checkChoice(cx, decl, signaturesOf(made), { ...choice, sizes });
  return { ...trained, layer: made };
}

/** What is around the entries of a model, for the types of their inputs. */
function surroundings(session: Session, { layer }: TrainedLayer): Surroundings {
  const { decl, module, hyper } = layer;
  const cx = new Context({ session, interpreter, module, rigid: false, depth: 0, labels: new Labels(), facts: Facts.none });
  for (const [name, value] of hyper ?? []) cx.body.define(name, { value, span: decl.name.span, role: 'hyper' });
  assumeFacts(cx, decl);
  return runAroundEntries(cx, decl);
}

/** A typed block with what its other clauses say. Patterns that match nothing are reported. */
function trainingOf(cx: Context, train: TrainDecl, { model, metrics, frozen }: TypedBlock): CheckedTraining | undefined {
  const { optimizer, ...settings } = readTrainSettings(cx, train);
  if (model === undefined) return undefined;
  const matched: Matched = { model: model.name, weights: parametersOf(cx.steps), layers: insideOf(cx.steps).layers };
  for (const setting of settings.freeze) checkPattern(cx, matched, setting);
  for (const { patterns } of settings.lora) for (const pattern of patterns) checkLoraPattern(cx, matched, pattern);
  for (const setting of settings.evaluated) checkLayers(cx, matched, setting, { below: true });
  for (const setting of settings.checkpoints) checkLayers(cx, matched, setting, { below: false });
  for (const { matches } of optimizer?.groups ?? []) if (matches !== 'vectors') checkPattern(cx, matched, matches);
  if (settings.lora.length === 0) checkTrained(cx, matched, settings.freeze, train.name.span);
  const { name, doc, span } = train;
  if (optimizer !== undefined) checkOwnNames(cx, train, { model, metrics, optimizer, ...settings }, matched.weights);
  return optimizer && { name: name.text, doc, span, model, metrics, frozen, optimizer, ...settings };
}
