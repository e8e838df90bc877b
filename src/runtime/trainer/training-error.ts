/** Why a training cannot do what it was asked for. */
export type TrainingProblem =
  /** The loss of a step is NaN or infinite. The state is as it was before the step; `broken` are the weights that already were infinite or NaN then. */
  | { readonly kind: 'not-finite'; readonly step: number; readonly loss: number; readonly broken: readonly string[] }
  /** Weights are infinite or NaN: a checkpoint of them would be of no use. */
  | { readonly kind: 'broken-state'; readonly broken: readonly string[] }
  /** The device is gone, and with it the state since the last checkpoint. */
  | { readonly kind: 'device-lost'; readonly step: number; readonly reason: string }
  /** A step takes another number of batches. */
  | { readonly kind: 'batches'; readonly wanted: number; readonly given: number }
  | { readonly kind: 'no-batches' }
  /** A learning rate is needed, or cannot be given. */
  | { readonly kind: 'rate-missing' | 'rate-in-graph'; readonly name: string }
  | { readonly kind: 'no-average'; readonly name: string }
  | { readonly kind: 'bad-manifest'; readonly reason: string }
  | { readonly kind: 'bad-checkpoint'; readonly from: string; readonly reason: string }
  | { readonly kind: 'bad-adapters'; readonly from: string; readonly reason: string }
  | { readonly kind: 'no-adapters'; readonly name: string }
  | { readonly kind: 'missing-weights'; readonly from: string; readonly names: readonly string[] }
  | { readonly kind: 'cannot-export'; readonly reason: string }
  | { readonly kind: 'disposed' };

/** A training that cannot go on as requested. */
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
      if (problem.broken.length > 0)
        return `the loss of step ${problem.step} is ${problem.loss}, because an earlier step has made weights infinite or NaN (${shortList(problem.broken)}): restore a checkpoint`;
      return `the loss of step ${problem.step} is ${problem.loss}; the weights are as they were before it. A lower learning rate or \`clip_norm\` may help`;
    case 'broken-state':
      return `the state is not worth saving: ${shortList(problem.broken)} ${problem.broken.length === 1 ? 'is' : 'are'} infinite or NaN`;
    case 'device-lost':
      return `the device was lost in step ${problem.step}: load the training again, and restore the last checkpoint (${problem.reason})`;
    case 'batches':
      return `a step takes a list of ${problem.wanted} batches, because the training accumulates; ${problem.given} ${problem.given === 1 ? 'was' : 'were'} given`;
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
      return `not all weights are in ${problem.from}: ${shortList(problem.names)} ${problem.names.length === 1 ? 'is' : 'are'} missing`;
    case 'cannot-export':
      return `the model cannot be exported: ${problem.reason}`;
    case 'disposed':
      return 'the trainer was disposed of';
  }
}

function shortList(names: readonly string[]): string {
  const rest = names.length - 8;
  return `${names.slice(0, 8).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
