/** The names of the models in a text, in its order. */
export function modelsIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?:export\s+)?model\s+(\w+)/gm)].map(([, name = '']) => name);
}

/** A `train` block. */
export interface TrainBlock {
  readonly name: string;
  readonly model: string;
  /** Whether the learning rate comes from outside. */
  readonly hasRate: boolean;
}

/** The `train` blocks of a text. */
export function trainBlocksIn(text: string): readonly TrainBlock[] {
  return [...text.matchAll(/^train\s+(\w+)\s+for\s+(\w+)([\s\S]*?)^\}/gm)].map(([, name = '', model = '', body = '']) => ({
    name,
    model,
    hasRate: /\blr\s*=\s*input\b/.test(body),
  }));
}
