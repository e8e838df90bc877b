import { build } from '../../src/build.js';
import { decideEqual } from '../../src/dims/decide.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { wrongShapes } from '../kit/model-run.js';
import type { OrtRunner } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { compileText, complaints, type OneGraph, onlyGraph, rendered } from '../kit/source.js';
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

/** Runs a program on several inputs: sizes are as declared, only those of one evaluation are proved equal, and every form computes the same. */
async function run(program: Program, seed: number, ort: OrtRunner) {
  const problems: string[] = [];
  const results: (readonly Readonly<Record<string, NdArray>>[])[] = [];
  // For WebGPU, the steps of a `scan` are written out, and each makes sizes of its own.
  for (const target of program.text.includes('scan ') ? (['portable', 'webgpu'] as const) : (['portable'] as const)) {
    const built = build('main.arch', createMemoryHost({ 'main.arch': program.text }), { target });
    const errors = built.diagnostics.filter(({ severity }) => severity === 'error');
    if (built.model === undefined || built.bytes === undefined)
      return { problems: errors.map(({ message }) => message), empty: 0, outputs: 0 };
    const model = onlyGraph(built.model);
    problems.push(...wrongTypes(model, program));
    const ran: Readonly<Record<string, NdArray>>[] = [];
    for (const length of [1, 6, 13]) {
      const given = await ort.run(built.bytes, inputs(length, seed)).catch((error: Error) => error);
      if (given instanceof Error) problems.push(`for ${target}: ${given.message}`);
      else {
        problems.push(...wrongShapes(model, given, new Map([['N', length]])));
        ran.push(given);
      }
    }
    results.push(ran);
  }
  const [portable = [], ...others] = results;
  for (const [i, outputs] of portable.entries())
    for (const [name, wanted] of Object.entries(outputs))
      for (const other of others) {
        const got = other[i]?.[name];
        const wrong = got === undefined ? 'no output' : difference(got, wanted, 1e-5);
        if (wrong !== undefined) problems.push(`${name} is another one with steps that are written out: ${wrong}`);
      }
  const tensors = portable.flatMap((outputs) => Object.values(outputs));
  return { problems, empty: tensors.filter(({ shape }) => shape[0] === 0).length, outputs: tensors.length };
}

/** What is wrong with the types of a model: only sizes of one evaluation are proved equal. */
function wrongTypes({ graph, onnx }: OneGraph, program: Program): readonly string[] {
  const problems: string[] = [];
  const declared = wronglyDeclared(onnx);
  if (declared !== undefined) problems.push(declared);
  for (const [i, a] of onnx.outputs.entries())
    for (const [j, b] of onnx.outputs.entries()) {
      const [left, right] = [a.type.shape[0], b.type.shape[0]];
      const [x, y] = [program.outputs[i]?.size, program.outputs[j]?.size];
      if (left === undefined || right === undefined || x === undefined || y === undefined) throw new Error('an output has no axis');
      const isProved = decideEqual(left, right, graph.facts).kind === 'proved';
      const areEqual = decideEqual(x, y, program.facts).kind === 'proved';
      if (isProved !== areEqual) problems.push(`${left} and ${right} are ${isProved ? '' : 'not '}proved equal, but are ${x} and ${y}`);
    }
  return problems;
}

function inputs(length: number, seed: number): Readonly<Record<string, NdArray>> {
  const random = randomNumbers(seed * 31 + length);
  const tensor = (shape: readonly number[]): NdArray => {
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(random() - 0.5));
    return { dtype: 'f32', shape, data };
  };
  return { x: tensor([length]), y: tensor([length, 3]) };
}
