import type { CheckedTraining } from '../2-check/train/checked-training.js';
import type { Graph, Value } from '../3-graph/graph.js';
import type { AdapterLayout } from '../api/training.js';
import { matcherOf } from '../name-patterns.js';
import type { Options } from './optimizers/optimizer.js';

/** A weight that training changes. */
export interface TrainedWeight {
  readonly name: string;
  readonly value: Value;
  readonly lrScale: number;
  readonly options: Options;
}

/** Whether a name is matched by one of these patterns. */
export function matcherOfAll(patterns: readonly { readonly pattern: string }[]): (name: string) => boolean {
  const matchers = patterns.map(({ pattern }) => matcherOf(pattern));
  return (name) => matchers.some((matches) => matches(name));
}

/**
 * The trainable weights of a graph that are not frozen, with the options that its optimizer has for them. Adapters are always trained, instead of their matrices.
 */
export function trainedWeights(
  graph: Graph,
  { freeze, optimizer }: CheckedTraining,
  adapters: readonly AdapterLayout[],
): readonly TrainedWeight[] {
  const isMatched = matcherOfAll(freeze);
  const ofAdapters = new Set(adapters.flatMap(({ a, b }) => [a, b]));
  const adapted = new Set(adapters.map(({ weight }) => weight));
  const isFrozen = (name: string) => adapted.has(name) || (isMatched(name) && !ofAdapters.has(name));
  const groups = optimizer.groups.map((group) => {
    const matches = group.matches === 'vectors' ? undefined : matcherOf(group.matches.pattern);
    return { ...group, has: (name: string, rank: number) => (matches === undefined ? rank <= 1 : matches(name)) };
  });
  return graph.parameters.flatMap((value) => {
    if (value.source.kind !== 'parameter') return [];
    const { name, trainable, type } = value.source.parameter;
    if (!trainable || isFrozen(name)) return [];
    const group = groups.findLast(({ has }) => has(name, type.shape.length));
    return [{ name, value, lrScale: group?.lrScale ?? 1, options: group?.options ?? optimizer.options }];
  });
}
