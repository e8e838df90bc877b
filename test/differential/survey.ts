import type { Target } from '../../src/ops/targets.js';
import type { OrtRunner } from '../kit/ort.js';
import { fault } from './compare.js';
import { generate } from './generate.js';
import { compareRelatives } from './relatives.js';
import { type Sketch, sourceOf, withoutUnused } from './sketch.js';

/** The targets whose files ONNX Runtime runs on the CPU. */
const targets: readonly Target[] = ['portable', 'cpu', 'webgpu'];

/** The findings of a run over random models. */
export interface Found {
  readonly models: number;
  /** Each fault with the smallest source that shows it. */
  readonly faults: readonly string[];
  readonly patterns: ReadonlyMap<string, number>;
}

/** Compares -O2 with -O0 on the models of `count` seeds, on one target each. */
export async function survey(first: number, count: number, ort: OrtRunner): Promise<Found> {
  const faults: string[] = [];
  const patterns = new Map<string, number>();
  for (let seed = first; seed < first + count; seed++) {
    const { sketch, used } = generate(seed);
    for (const name of used) patterns.set(name, (patterns.get(name) ?? 0) + 1);
    const target = targets[seed % targets.length] as Target;
    const problem = await attempt(sketch, target, ort);
    if (problem === undefined) continue;
    const small = await shrink(sketch, async (smaller) => (await attempt(smaller, target, ort)) !== undefined);
    faults.push(`seed ${seed}: ${await attempt(small, target, ort)}\n${sourceOf(small)}`);
  }
  return { models: count, faults, patterns };
}

/** Compares the models of `count` seeds with their relatives: the same model, written in another way. */
export async function surveyRelatives(
  first: number,
  count: number,
  ort: OrtRunner,
): Promise<{ readonly compared: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  let compared = 0;
  for (let seed = first; seed < first + count; seed++) {
    const { sketch } = generate(seed);
    try {
      const result = await compareRelatives(sketch, targets[seed % targets.length] as Target, ort);
      compared += result.compared;
      if (result.fault !== undefined) faults.push(`seed ${seed}: ${result.fault}`);
    } catch (error) {
      faults.push(`seed ${seed}: ${error}\n${sourceOf(sketch)}`);
    }
  }
  return { compared, faults };
}

/** The fault of a sketch, if any. A model that does not compile, load or run is a fault, too. */
async function attempt(sketch: Sketch, target: Target, ort: OrtRunner): Promise<string | undefined> {
  try {
    return await fault(sketch, target, ort);
  } catch (error) {
    return String(error);
  }
}

/** The smallest sketch that still fails: with one output, and without each statement whose result another value can replace. */
export async function shrink(sketch: Sketch, fails: (sketch: Sketch) => Promise<boolean>): Promise<Sketch> {
  for (const smaller of smallerOf(sketch)) if (await fails(smaller)) return shrink(smaller, fails);
  return sketch;
}

function* smallerOf(sketch: Sketch): Iterable<Sketch> {
  const { outputs, statements } = sketch;
  if (outputs.length > 1) for (const output of outputs) yield withoutUnused({ ...sketch, outputs: [output] });
  // Ends the model earlier.
  if (outputs.length === 1)
    for (const { result } of statements) if (result !== outputs[0]) yield withoutUnused({ ...sketch, outputs: [result] });
  for (const { result, reads } of statements) {
    const other = reads.find(({ shape }) => shape.join() === result.shape.join());
    if (other === undefined) continue;
    const follow = <T extends { readonly name: string }>(value: T) => (value.name === result.name ? other : value);
    const left = statements.filter((statement) => statement.result !== result).map((s) => ({ ...s, reads: s.reads.map(follow) }));
    const outputsLeft = outputs.map(follow);
    if (new Set(outputsLeft.map(({ name }) => name)).size === outputs.length)
      yield withoutUnused({ ...sketch, statements: left, outputs: outputsLeft });
  }
}
