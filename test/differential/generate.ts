import { Draw } from '../random-programs/draw.js';
import { Draft } from './draft.js';
import { cleanUpPatterns, imagePatterns, type Pattern, sequencePatterns } from './patterns.js';
import { type Sketch, type Var, withoutUnused } from './sketch.js';

/** A model that consists of fusion patterns, usually with one edge that deviates from the pattern. `used` lists the names of the patterns. */
export interface Drawn {
  readonly sketch: Sketch;
  readonly used: readonly string[];
}

/** The model for a seed, always the same one. */
export function generate(seed: number): Drawn {
  const draft = new Draft(new Draw(seed));
  const { draw } = draft;
  const used: string[] = [];
  const isImage = draw.chance(0.4);
  const facts = isImage && draw.chance(0.5) ? 'H % 4 == 0, W % 2 == 0' : '';
  let x = isImage ? draft.input('x', 'f32', ['N', '3', 'H', 'W']) : sequence(draft);
  for (let count = draw.int(1, 4); count > 0; count--) {
    draft.perturbation = 0.25;
    const [name, pattern] = pick(draft, draw.chance(0.3) ? cleanUpPatterns : isImage ? imagePatterns : sequencePatterns);
    used.push(name);
    x = pattern(draft, x);
    draft.perturbation = 0;
    x = draft.mend(x);
  }
  draft.outputs.push(x);
  return { sketch: withoutUnused(draft.sketch(facts)), used };
}

/** Vectors for tokens: given, or looked up. */
function sequence(draft: Draft): Var {
  if (draft.draw.chance(0.6)) return draft.input('x', 'f32', ['N', 'T', '8']);
  const ids = draft.input('ids', 'i64', ['N', 'T']);
  const x = draft.apply('$0 -> #: Embedding(5, 8)', [ids], ['N', 'T', '8']);
  return draft.apply(draft.draw.pick(['$0 * 2.8284271247461903', '$0', '$0 + 1']), [x]);
}

function pick(draft: Draft, patterns: Readonly<Record<string, Pattern>>): readonly [string, Pattern] {
  return draft.draw.pick(Object.entries(patterns));
}
