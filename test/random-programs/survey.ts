import type { OrtRunner } from '../kit/ort.js';
import { execute } from './execute.js';
import { generate } from './generate.js';

/** What came of many programs. */
export interface Survey {
  readonly programs: number;
  readonly accepted: number;
  /** With the program, ready to be read. */
  readonly faults: readonly string[];
  readonly refused: readonly string[];
  /** Runs on ONNX Runtime; those with an input of size 1; those with a tensor without elements. */
  readonly runs: number;
  readonly ones: number;
  readonly empty: number;
  /** Half of the accepted programs have at least this many operators. */
  readonly median: number;
  /** How many accepted programs have each operator. */
  readonly operators: ReadonlyMap<string, number>;
  readonly constructs: ReadonlyMap<string, number>;
}

/** Draws `count` programs from the seed `first` on, compiles them and compares what they compute with the reference. */
export async function survey(first: number, count: number, ort: OrtRunner): Promise<Survey> {
  const faults: string[] = [];
  const refused: string[] = [];
  const lengths: number[] = [];
  const operators = new Map<string, number>();
  const constructs = new Map<string, number>();
  let runs = 0;
  let ones = 0;
  let empty = 0;
  for (let seed = first; seed < first + count; seed++) {
    const program = generate(seed);
    const verdict = await execute(program, ort);
    if (verdict.kind === 'refused') refused.push(`seed ${seed}: ${verdict.text}`);
    else if (verdict.kind === 'fault') faults.push(`seed ${seed}: ${verdict.text}`);
    if (verdict.kind !== 'agrees') continue;
    runs += verdict.runs;
    ones += verdict.ones;
    empty += verdict.empty;
    lengths.push(program.operators.length);
    for (const name of new Set(program.operators)) operators.set(name, (operators.get(name) ?? 0) + 1);
    for (const name of program.constructs) constructs.set(name, (constructs.get(name) ?? 0) + 1);
  }
  lengths.sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  return { programs: count, accepted: count - refused.length, faults, refused, runs, ones, empty, median, operators, constructs };
}

/** The figures as text, to be printed. */
export function report(found: Survey): string {
  const { programs, accepted, faults, runs, ones, empty, median } = found;
  const share = (n: number) => `${((100 * n) / programs).toFixed(1)} %`;
  const list = (counts: ReadonlyMap<string, number>, show: (n: number) => string) =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([name, n]) => `${name} ${show(n)}`)
      .join(', ');
  return [
    `${programs} programs: ${accepted} accepted (${share(accepted)}), ${faults.length} faults; median of ${median} operators`,
    `${runs} runs, ${ones} with an input of size 1, ${empty} with a tensor without elements`,
    `operators, by accepted programs: ${list(found.operators, String)}`,
    `constructs, by accepted programs: ${list(found.constructs, share)}`,
  ].join('\n');
}
