import { inputValues, operatorName } from '../../src/3-graph/graph.js';
import { rules } from '../../src/5-optimize/rules/index.js';
import { packAttention } from '../../src/5-optimize/rules/pack-attention.js';
import { difference } from '../kit/close.js';
import { exactRun } from '../kit/exact-run.js';
import { modelOf, type OneGraph } from '../kit/source.js';
import { weightChain } from '../kit/weight-chains.js';

/** What went wrong with the chains for the seeds from `from` to `to`, and how often each rule of level 2 applied. */
export function surveyChains(
  from: number,
  to: number,
): { readonly faults: readonly string[]; readonly applied: ReadonlyMap<string, number> } {
  const applied = new Map(
    rules.flatMap(({ name, level }) => (level === 2 && name !== packAttention.name ? [[name, 0] as [string, number]] : [])),
  );
  const faults: string[] = [];
  for (let seed = from; seed < to; seed++) {
    const source = weightChain(seed);
    const report = (fault: string) => faults.push(`chain ${seed}: ${fault}\n${source}`);
    const plain = modelOf(source, { optimize: 0 });
    const optimized = modelOf(source, { optimize: 2 });
    const [wanted, got] = [exactRun(plain.graph), exactRun(optimized.graph)];
    const different = wanted.flatMap((output, i) =>
      got[i] === undefined ? 'there is no output' : (difference(got[i], output, 1e-9) ?? []),
    );
    if (different.length > 0) report(different.join());
    const left = arithmeticOnWeights(optimized);
    if (left.length > 0) report(`${left} of weights alone`);
    for (const { rule, refusal } of optimized.history?.rules ?? [])
      if (refusal === undefined && applied.has(rule)) applied.set(rule, (applied.get(rule) ?? 0) + 1);
  }
  return { faults, applied };
}

/** The operators that each run applies to weights alone. The source of a chain only transposes weights. */
function arithmeticOnWeights({ graph }: OneGraph): readonly string[] {
  const known = new Set(graph.parameters);
  const left: string[] = [];
  for (const node of graph.nodes) {
    const inputs = inputValues(node);
    if (inputs.length === 0 || !inputs.every((value) => known.has(value) || value.source.kind === 'constant')) continue;
    for (const output of node.outputs) known.add(output);
    if (operatorName(node) !== 'transpose') left.push(operatorName(node));
  }
  return left;
}
