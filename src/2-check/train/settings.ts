import type { Expr, OptimizerClause, PathPattern, TrainClause, TrainDecl, TrainGroup } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { optionValue, readOptions, withDefaults } from './arguments.js';
import type { CheckedTraining, GroupSetting, LoraSetting, OptimizerSetting, PatternSetting } from './checked-training.js';
import { groupOptions, isOptimizer, loraOptions, numberClauses, type OptimizerName, optimizers } from './optimizers.js';
import type { OptionValue } from './options.js';
import { rateOf } from './rates.js';

type Clause<K extends TrainClause['kind']> = Extract<TrainClause, { kind: K }>;

/** What the clauses of a block say that compute nothing. The optimizer is undefined if it is wrong, which is reported. */
export interface TrainSettings
  extends Pick<
    CheckedTraining,
    'freeze' | 'evaluated' | 'lora' | 'checkpoints' | 'clipNorm' | 'clipValue' | 'accumulate' | 'ema' | 'precision'
  > {
  readonly optimizer: OptimizerSetting | undefined;
}

/** Reads the clauses that compute nothing, and reports what is wrong with them. Values that are not known yet are left out. */
export function readTrainSettings(cx: Context, { clauses }: TrainDecl): TrainSettings {
  const numbers = new Map<string, OptionValue>();
  let precision: 'f32' | 'f16' = 'f32';
  let optimizer: OptimizerSetting | undefined;
  for (const clause of clauses) {
    if (clause.kind === 'optimizer') optimizer = optimizerOf(cx, clause);
    else if (clause.kind === 'option' && clause.name.text === 'precision') precision = precisionOf(cx, clause) ?? precision;
    else if (clause.kind === 'option') {
      const value = numberOf(cx, clause);
      if (value !== undefined) numbers.set(clause.name.text, value);
    }
  }
  const number = (name: keyof typeof numberClauses) => {
    const value = numbers.get(name);
    return typeof value === 'number' ? value : undefined;
  };
  return {
    optimizer,
    freeze: ofKind(clauses, 'freeze').flatMap((clause) => {
      const updatesStatistics = readsStatistics(cx, clause);
      return clause.patterns.map((pattern) => ({ ...settingOf(pattern), updatesStatistics }));
    }),
    evaluated: ofKind(clauses, 'eval').flatMap(({ patterns }) => patterns.map(settingOf)),
    checkpoints: ofKind(clauses, 'checkpoint').flatMap(({ patterns }) => patterns.map(settingOf)),
    lora: ofKind(clauses, 'lora').flatMap((clause) => loraOf(cx, clause) ?? []),
    clipNorm: number('clip_norm'),
    clipValue: number('clip_value'),
    accumulate: number('accumulate') ?? 1,
    ema: number('ema'),
    precision,
  };
}

function ofKind<K extends TrainClause['kind']>(clauses: readonly TrainClause[], kind: K): readonly Clause<K>[] {
  return clauses.filter((clause): clause is Clause<K> => clause.kind === kind);
}

function settingOf({ text, span }: PathPattern): PatternSetting {
  return { pattern: text, span };
}

// ---------------------------------------------------------------- clauses of a name and a value

const clauseWords = ['input', 'loss', 'metric', 'freeze', 'eval', 'lora', 'optimizer', 'precision', 'checkpoint'];

function numberOf(cx: Context, { name, value }: Clause<'option'>): OptionValue | undefined {
  const { text, span } = name;
  if (Object.hasOwn(numberClauses, text))
    return optionValue(cx, { callee: 'train', name: text, rule: numberClauses[text as keyof typeof numberClauses] }, value);
  const near = suggest(text, [...clauseWords, ...Object.keys(numberClauses)]);
  cx.error('unknown-clause', span, { name: text, near });
  return undefined;
}

function precisionOf(cx: Context, { value }: Clause<'option'>): 'f32' | 'f16' | undefined {
  if (value.kind === 'name' && (value.name === 'f32' || value.name === 'f16')) return value.name;
  cx.error('bad-precision', value.span, { got: cx.module.file.text.slice(value.span.start, value.span.end) });
  return undefined;
}

// ---------------------------------------------------------------- freeze, lora

/** Whether the clause says `statistics: update`. */
function readsStatistics(cx: Context, { settings }: Clause<'freeze'>): boolean {
  for (const { name, value } of settings) {
    if (name.text !== 'statistics') {
      const known = ['statistics'];
      cx.error('unknown-argument', name.span, { callee: 'freeze', name: name.text, known, near: suggest(name.text, known) });
    } else if (value.kind !== 'name' || value.name !== 'update') {
      const got = `\`${cx.module.file.text.slice(value.span.start, value.span.end)}\``;
      cx.error('argument-kind', value.span, { callee: 'freeze', name: 'statistics', wanted: '`update`', got });
    }
  }
  return settings.length > 0;
}

function loraOf(cx: Context, { args, patterns, span }: Clause<'lora'>): LoraSetting | undefined {
  const { values } = readOptions(cx, 'lora', loraOptions, args, {
    span: spanBeside(span, span.start, span.start + 'lora'.length),
    isComplete: true,
  });
  const rank = values.get('rank');
  if (typeof rank !== 'number') return undefined;
  const { alpha, dropout } = withDefaults(loraOptions, new Map<string, OptionValue>([['alpha', rank], ...values]));
  if (typeof alpha !== 'number' || typeof dropout !== 'number') return undefined;
  return { patterns: patterns.map(settingOf), rank, alpha, dropout, span };
}

// ---------------------------------------------------------------- optimizer

function optimizerOf(cx: Context, { name, args, groups, span }: OptimizerClause): OptimizerSetting | undefined {
  const { text } = name;
  if (!isOptimizer(text)) {
    const known = Object.keys(optimizers);
    const near = suggest(text, known);
    const [best] = near;
    const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span: name.span, text: best }] }];
    cx.error('unknown-optimizer', name.span, { name: text, known, near }, { fixes });
    return undefined;
  }
  const table = optimizers[text];
  const { values, rate } = readOptions(cx, text, table, args, { span: name.span, isComplete: true });
  const lr = rate && rateOf(cx, text, rate);
  reportNesterov(cx, text, values, args);
  const options = withDefaults(table, values);
  const own = groups.flatMap((group) => groupsOf(cx, text, options, group));
  return lr && { name: text, lr, options, groups: own, span };
}

/** As PyTorch does: Nesterov's momentum needs a momentum, and no dampening. */
function reportNesterov(
  cx: Context,
  optimizer: OptimizerName,
  values: ReadonlyMap<string, OptionValue>,
  args: OptimizerClause['args'],
): void {
  if (optimizer !== 'sgd' || values.get('nesterov') !== true) return;
  const place = args.find((arg) => arg.name?.text === 'nesterov');
  const hasMomentum = args.some((arg) => arg.name?.text === 'momentum') && values.get('momentum') !== 0;
  if (place !== undefined && (!hasMomentum || (values.get('dampening') ?? 0) !== 0))
    cx.error('argument-range', place.value.span, {
      callee: optimizer,
      name: 'nesterov',
      got: 'true',
      wanted: 'false without a `momentum`, or with a `dampening`',
    });
}

/** A setting for each of its patterns. */
function groupsOf(cx: Context, optimizer: OptimizerName, options: OptimizerSetting['options'], group: TrainGroup): readonly GroupSetting[] {
  const table = groupOptions(optimizer);
  const rate = group.settings.find((setting) => setting.name.text === 'lr');
  if (rate !== undefined) cx.error('group-rate', rate.name.span, {});
  const settings = group.settings.filter((setting) => setting !== rate);
  const { values } = readOptions(cx, 'group', table, settings, { span: group.span, isComplete: false });
  const { lr_scale: lrScale = 1, ...own } = Object.fromEntries(values);
  return group.patterns.map((pattern) => ({
    matches: pattern.text === 'vectors' ? 'vectors' : settingOf(pattern),
    lrScale: typeof lrScale === 'number' ? lrScale : 1,
    options: { ...options, ...own },
  }));
}

/** Whether the learning rate is an input of the training graph. */
export function takesRate({ clauses }: TrainDecl): Expr | undefined {
  for (const clause of clauses) {
    if (clause.kind !== 'optimizer') continue;
    const rate = clause.args.find(({ name }, i) => (name === undefined ? i === 0 : name.text === 'lr'))?.value;
    if (rate?.kind === 'name' && rate.name === 'input') return rate;
  }
  return undefined;
}
