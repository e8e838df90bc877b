import type { TrainingCost } from '../../api/training.js';
import { byteSize } from '../../quantities.js';
import { costRows } from '../pure/cost-rows.js';

/** The part of a step that is infinite or NaN: its loss, the length of its gradient, or the new weights and running statistics. */
export type StepPart = 'loss' | 'gradient' | 'change';

/** An element of an input that is infinite or NaN. */
export interface InputNotFinite {
  readonly name: string;
  readonly value: number;
  /** Which element it is, one number for each axis. */
  readonly index: readonly number[];
  /** Which of several batches has it, from 1. */
  readonly batch: number | undefined;
}

/** Why a training cannot do what it was asked for. */
export type TrainingProblem =
  /**
   * The loss of a step is infinite or NaN, the length of its gradient is, or what would become of weights and running statistics. The state is as it was before the step; `broken` are the tensors of the
   * state that already were infinite or NaN then, and `input` is an element of the batch that is.
   */
  | {
      readonly kind: 'not-finite';
      readonly step: number;
      readonly part: StepPart;
      readonly value: number;
      readonly broken: readonly string[];
      readonly input: InputNotFinite | undefined;
    }
  /** The gradients of a step overflow with the least scale of the loss. The state is as it was before the step. */
  | { readonly kind: 'overflow'; readonly step: number; readonly loss: number; readonly scale: number }
  /** Weights are infinite or NaN: a checkpoint of them would be of no use. */
  | { readonly kind: 'broken-state'; readonly broken: readonly string[] }
  /** The device is gone, and with it the state since the last checkpoint. */
  | { readonly kind: 'device-lost'; readonly step: number; readonly reason: string }
  /** A device has no room for a step, or for a tensor in it. `needed` and `bytes`, which it has, are bytes. */
  | {
      readonly kind: 'too-large';
      readonly name: string;
      readonly what: 'step' | 'tensor';
      readonly needed: number;
      readonly where: string;
      readonly bytes: number;
      readonly cost: TrainingCost;
    }
  /** A step takes another number of batches. */
  | { readonly kind: 'batches'; readonly wanted: number; readonly given: number }
  | { readonly kind: 'no-batches' }
  /** Something else is given than a list of batches; `isObject`: it may be one batch. */
  | { readonly kind: 'not-batches'; readonly isObject: boolean }
  /** A learning rate is needed, or cannot be given. */
  | { readonly kind: 'rate-missing' | 'rate-in-graph'; readonly name: string }
  | { readonly kind: 'no-average'; readonly name: string }
  | { readonly kind: 'bad-manifest'; readonly reason: string }
  | { readonly kind: 'bad-checkpoint'; readonly from: string; readonly reason: string }
  | { readonly kind: 'bad-adapters'; readonly from: string; readonly reason: string }
  | { readonly kind: 'no-adapters'; readonly name: string }
  /** Weights are not in a file, or have another shape or type there. `canSkip`: the option `skipMismatch` takes the others. */
  | { readonly kind: 'missing-weights'; readonly from: string; readonly names: readonly string[]; readonly canSkip: boolean }
  /** None of the weights is in a file. */
  | { readonly kind: 'no-weights'; readonly name: string; readonly from: string; readonly names: readonly string[] }
  | { readonly kind: 'cannot-export'; readonly reason: string }
  | { readonly kind: 'disposed' };

/** A training that cannot continue as requested. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly problem: TrainingProblem;

  constructor(problem: TrainingProblem, options?: ErrorOptions) {
    super(sentence(problem), options);
    this.problem = problem;
  }
}

function sentence(problem: TrainingProblem): string {
  switch (problem.kind) {
    case 'not-finite':
      return notFinite(problem);
    case 'overflow':
      return `the gradients of step ${problem.step} are infinite or NaN in f16, and its loss is ${problem.loss}; steps have been skipped until the loss was scaled by ${problem.scale}, and the weights are unchanged. A lower learning rate or training without \`precision f16\` may help`;
    case 'broken-state':
      return `the state is not saved: ${shortList(problem.broken)} ${problem.broken.length === 1 ? 'is' : 'are'} infinite or NaN`;
    case 'device-lost':
      return `the device was lost in step ${problem.step}: load the training again, and restore the last checkpoint (${problem.reason})`;
    case 'too-large':
      return `${tooLarge(problem)}\n\n${alignedRows(costRows(problem.cost)).join('\n')}`;
    case 'batches':
      if (problem.wanted === 1) return `a step takes one batch, not a list of ${problem.given}`;
      return `a step takes a list of ${problem.wanted} batches, because the training accumulates; ${problem.given} ${problem.given === 1 ? 'was' : 'were'} given`;
    case 'not-batches':
      return `\`evaluate\` takes a list of batches, or whatever gives one after the other${problem.isObject ? ': `evaluate([batch])`' : ''}`;
    case 'no-batches':
      return 'there are no batches to evaluate';
    case 'rate-missing':
      return `\`${problem.name}\` takes its learning rate from the program: give \`lr\``;
    case 'rate-in-graph':
      return `\`${problem.name}\` computes its learning rate itself: write \`lr = input\` in its optimizer to give it`;
    case 'no-average':
      return `\`${problem.name}\` keeps no moving average of the weights: write \`ema 0.999\` in the train block`;
    case 'bad-manifest':
      return `the manifest of the training cannot be used: ${problem.reason}`;
    case 'bad-checkpoint':
      return `cannot restore from ${problem.from}: ${problem.reason}`;
    case 'bad-adapters':
      return `cannot use the adapters in ${problem.from}: ${problem.reason}`;
    case 'no-adapters':
      return `\`${problem.name}\` has no adapters: write \`lora(rank = 8) on ...\` in the train block`;
    case 'missing-weights':
      return `not all weights are in ${problem.from}: ${shortList(problem.names)}${problem.canSkip ? '. `skipMismatch: true` takes the others, such as for a new head' : ''}`;
    case 'no-weights':
      return `none of the weights of \`${problem.name}\` is in ${problem.from}: ${shortList(problem.names)}`;
    case 'cannot-export':
      return `the model cannot be exported: ${problem.reason}`;
    case 'disposed':
      return 'the trainer was disposed of';
  }
}

function notFinite({ step, part, value, broken, input }: Extract<TrainingProblem, { readonly kind: 'not-finite' }>): string {
  const what = {
    loss: `the loss of step ${step} is ${value}`,
    gradient: `the length of the gradient of step ${step} is ${value}, although its loss is finite`,
    change: `step ${step} would make weights or running statistics infinite or NaN`,
  }[part];
  if (broken.length > 0) return `${what}, because some already were before it (${shortList(broken)}): restore a checkpoint`;
  return `${what}; the weights are as they were before it. ${input === undefined ? adviceFor[part] : foundIn(input)}`;
}

const adviceFor: Readonly<Record<StepPart, string>> = {
  loss: 'A lower learning rate or `clip_norm` may help',
  gradient: 'A function such as `sqrt`, `log` or a division may have no finite gradient where its operand is 0: add a small number there',
  change: 'A lower learning rate, or inputs that are not as large, may help',
};

function foundIn({ name, value, index, batch }: InputNotFinite): string {
  const place = index.length === 0 ? '' : ` in its element [${index.join(', ')}]`;
  return `The input \`${name}\` has ${value}${place}${batch === undefined ? '' : ` of batch ${batch}`}`;
}

function tooLarge({ name, what, needed, where, bytes }: Extract<TrainingProblem, { readonly kind: 'too-large' }>): string {
  const advice = 'smaller batches, or `checkpoint` and `freeze` in the train block, need less';
  return what === 'step'
    ? `a step of \`${name}\` needs at least ${byteSize(needed)}, and ${where} has ${byteSize(bytes)}: ${advice}`
    : `a step of \`${name}\` has a tensor of ${byteSize(needed)}, and ${where} holds tensors of up to ${byteSize(bytes)}: smaller batches have smaller tensors`;
}

/** A table whose second column is aligned to the right. */
function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [names, numbers] = [width(0), width(1)];
  return rows.map(([name = '', number = '', bytes = '']) => `  ${name.padEnd(names)}  ${number.padStart(numbers)}  ${bytes}`);
}

function shortList(names: readonly string[]): string {
  const rest = names.length - 8;
  return `${names.slice(0, 8).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
