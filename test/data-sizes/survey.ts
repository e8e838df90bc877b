import { build } from '../../src/build.js';
import { decideEqual } from '../../src/dims/decide.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { NdArray } from '../../src/ops/types.js';
import { wrongShapes } from '../kit/model-run.js';
import type { OrtRunner } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { compileText, complaints, onlyGraph, rendered } from '../kit/source.js';
import { wronglyDeclared } from '../random-programs/declared.js';
import { generate, type Program } from './generate.js';

/** What came of many programs. */
export interface Survey {
  readonly faults: readonly string[];
  /** Pairs of vectors whose sizes different evaluations make, and pairs of one size. */
  readonly unequal: number;
  readonly equal: number;
  readonly evaluations: number;
  /** Outputs without elements, and outputs of all. */
  readonly empty: number;
  readonly outputs: number;
}

/** Compiles and runs the programs of these seeds. */
export async function survey(from: number, count: number, ort: OrtRunner): Promise<Survey> {
  const found = { faults: [] as string[], unequal: 0, equal: 0, evaluations: 0, empty: 0, outputs: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const program = generate(seed);
    found.evaluations += program.evaluations;
    for (const { text, areEqual } of program.sums) {
      found[areEqual ? 'equal' : 'unequal']++;
      const fault = wrongSum(text, areEqual);
      if (fault !== undefined) found.faults.push(`seed ${seed}: ${fault}`);
    }
    const { problems, empty, outputs } = await run(program, seed, ort);
    for (const problem of problems) found.faults.push(`seed ${seed}: ${problem}\n${program.text}`);
    found.empty += empty;
    found.outputs += outputs;
  }
  return found;
}

/** A sum of two vectors must be accepted if one evaluation has made both sizes, and refused otherwise. */
function wrongSum(text: string, areEqual: boolean): string | undefined {
  const result = compileText(text);
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  if (areEqual) return result.model === undefined ? `vectors of one size are not added\n${rendered(result)}\n${text}` : undefined;
  if (result.model !== undefined) return `vectors of different sizes are added\n${text}`;
  const isExpected = errors.every(({ code }) => code === 'broadcast-mismatch');
  return isExpected ? undefined : `${complaints(result)} is reported\n${rendered(result)}\n${text}`;
}

/** Runs a program on several inputs: sizes are as declared, and only those of one evaluation are proved equal. */
async function run(program: Program, seed: number, ort: OrtRunner) {
  const built = build('main.arch', createMemoryHost({ 'main.arch': program.text }), {});
  const { bytes } = built;
  if (built.model === undefined || bytes === undefined) return { problems: [rendered(built)], empty: 0, outputs: 0 };
  const model = onlyGraph(built.model);
  const problems: string[] = [];
  const declared = wronglyDeclared(model.onnx);
  if (declared !== undefined) problems.push(declared);
  for (const [i, a] of model.onnx.outputs.entries())
    for (const [j, b] of model.onnx.outputs.entries()) {
      const [left, right] = [a.type.shape[0], b.type.shape[0]];
      const [x, y] = [program.outputs[i]?.size, program.outputs[j]?.size];
      if (left === undefined || right === undefined || x === undefined || y === undefined) throw new Error('an output has no axis');
      const isProved = decideEqual(left, right, model.graph.facts).kind === 'proved';
      const areEqual = decideEqual(x, y, program.facts).kind === 'proved';
      if (isProved !== areEqual) problems.push(`${left} and ${right} are ${isProved ? '' : 'not '}proved equal, but are ${x} and ${y}`);
    }
  let empty = 0;
  let outputs = 0;
  for (const length of [1, 6, 13]) {
    const given = await ort.run(bytes, inputs(length, seed)).catch((error: Error) => error);
    if (given instanceof Error) {
      problems.push(given.message);
      continue;
    }
    problems.push(...wrongShapes(model, given, new Map([['N', length]])));
    for (const { shape } of Object.values(given)) {
      outputs++;
      if (shape[0] === 0) empty++;
    }
  }
  return { problems, empty, outputs };
}

function inputs(length: number, seed: number): Readonly<Record<string, NdArray>> {
  const random = randomNumbers(seed * 31 + length);
  const tensor = (shape: readonly number[]): NdArray => {
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(random() - 0.5));
    return { dtype: 'f32', shape, data };
  };
  return { x: tensor([length]), y: tensor([length, 3]) };
}
