import { type Graph, type Node, operatorName } from '../../src/3-graph/graph.js';
import { verify } from '../../src/3-graph/verify.js';
import type { GroupOf } from '../../src/4-train/recompute.js';
import { ops } from '../../src/ops/index.js';
import { nth } from '../../src/ops/only.js';
import { type DType, isFloat, type NdArray } from '../../src/ops/types.js';
import { generate as generateWithDataSizes } from '../data-sizes/generate.js';
import { fileWithoutWeights } from '../kit/block-gradients.js';
import { compareWithDifferences } from '../kit/central-difference.js';
import type { OrtRunner } from '../kit/ort.js';
import { drawTensor } from './data.js';
import { Draw } from './draw.js';
import { assignments } from './execute.js';
import { generate } from './generate.js';
import { GradientCase, type GradientGraph, type GradientProgram } from './gradient-case.js';
import { NoisyGradients } from './run.js';

/** Elements of one tensor that are compared with central differences. */
const elementsPerTensor = 6;

/** What came of the gradients of many programs. */
export class GradientSurvey {
  programs = 0;
  /** Programs without an output to differentiate, or with an operator of ONNX. */
  passedOver = 0;
  differentiated = 0;
  compared = 0;
  /** How many elements have a derivative that is not zero. */
  moved = 0;
  skipped = 0;
  /** Relative to what is allowed. */
  worst = 0;
  /** Gradients as whole tensors that ONNX Runtime computes in f32. */
  tensors = 0;
  /** How many elements change by more than is allowed if the last places of the inputs change. */
  unsteady = 0;
  worstOnRuntime = 0;
  /** Programs with groups of nodes that are computed again. */
  recomputed = 0;
  readonly faults: string[] = [];
  readonly constructs = new Map<string, number>();
  readonly operators = new Map<string, number>();

  /** The operators with a gradient that no program uses. Those that make sizes are not drawn by this generator. */
  get missingOperators(): readonly string[] {
    return ops
      .filter(({ grad, effects }) => grad !== 'none' && effects !== 'new-size')
      .flatMap(({ name }) => (this.operators.has(name) ? [] : [name]));
  }

  get report(): string {
    const { programs, differentiated, compared, moved, skipped, worst, tensors, unsteady, worstOnRuntime, recomputed, faults } = this;
    return [
      `${programs} programs, ${differentiated} differentiated, ${recomputed} with recomputation; ${faults.length} faults`,
      `${compared} elements compared with central differences, ${moved} of them not zero, ${skipped} at kinks; worst ${(1e-5 * worst).toExponential(1)}`,
      `${tensors} gradients in f32 on ONNX Runtime, ${unsteady} of them unsteady; worst ${(1e-4 * worstOnRuntime).toExponential(1)}`,
    ].join('\n');
  }
}

/** Differentiates `count` programs from the seed `first` on, and compares the gradients with central differences, and those on ONNX Runtime with these. */
export async function surveyGradients(first: number, count: number, ort: OrtRunner): Promise<GradientSurvey> {
  const found = new GradientSurvey();
  for (let seed = first; seed < first + count; seed++) {
    const program = generate(seed, 'floats');
    const all = assignments(program);
    const sizes = nth(all, seed % all.length);
    const inputs = new Map(program.inputs.map((input) => [input.tensor.text, input]));
    const data = (name: string, dtype: DType, shape: readonly number[]): NdArray => {
      const input = inputs.get(name);
      if (input === undefined) throw new Error(`there is no input ${name}`);
      const { style } = input;
      // Any numbers, so that few are at a kink; but those that have to be in a range stay there.
      const isFree = isFloat(dtype) && style !== 'positive' && style !== 'probability';
      return isFree ? drawTensor(dtype, shape, 'smooth', 0, seed * 7919 + Number(name.replace(/\D/g, ''))) : program.data(input, sizes, 0);
    };
    const options = {
      model: program.model,
      set: program.set,
      with: program.with,
      ...(Object.keys(program.config).length > 0 ? { config: program.config } : {}),
    };
    const files = { 'main.arch': program.text, ...program.files };
    const before = found.differentiated;
    await surveyOne(found, { files, options, seed, sizes, data }, ort);
    if (found.differentiated === before) continue;
    for (const name of new Set(program.operators)) found.operators.set(name, (found.operators.get(name) ?? 0) + 1);
    for (const name of program.constructs) found.constructs.set(name, (found.constructs.get(name) ?? 0) + 1);
  }
  return found;
}

/** The same for programs in which the data decide sizes. */
export async function surveyDataSizes(first: number, count: number, ort: OrtRunner): Promise<GradientSurvey> {
  const found = new GradientSurvey();
  for (let seed = first; seed < first + count; seed++) {
    const data = (name: string, dtype: DType, shape: readonly number[]) =>
      drawTensor(dtype, shape, 'smooth', 0, seed * 2 + name.charCodeAt(0));
    const program = {
      files: { 'main.arch': generateWithDataSizes(seed).text },
      options: {},
      seed,
      sizes: new Map([['N', nth([1, 6, 13], seed % 3)]]),
      data,
    };
    await surveyOne(found, program, ort);
  }
  return found;
}

/** Adds one program. */
export async function surveyOne(found: GradientSurvey, program: GradientProgram, ort: OrtRunner): Promise<void> {
  found.programs++;
  const fault = (text: string) =>
    found.faults.push(
      `seed ${program.seed}, ${[...program.sizes].map(([name, n]) => `${name}=${n}`).join()}: ${text}\n${program.files['main.arch']}`,
    );
  try {
    const one = GradientCase.of(program);
    if (one === undefined) {
      found.passedOver++;
      return;
    }
    found.differentiated++;
    const gradients = one.differentiated((node) => fault(`no gradient of ${node.kind}`));
    const [problem] = verify(gradients.graph);
    if (problem !== undefined) fault(problem);
    const values = one.evaluate(gradients);
    compareElements(found, one, gradients, values, program.seed, fault);
    recomputation(found, one, values, program.seed, fault);
    await onRuntime(found, one, gradients, values, program.seed, ort, fault);
  } catch (error) {
    fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

type Values = ReadonlyMap<string, NdArray>;
type Fault = (text: string) => void;

function compareElements(
  found: GradientSurvey,
  one: GradientCase,
  { gradients }: GradientGraph,
  values: Values,
  seed: number,
  fault: Fault,
): void {
  const draw = new Draw(seed + 4);
  const outputs = new Map([...gradients].map(([output, name]) => [name, output]));
  for (const name of one.sources) {
    const array = one.data.get(name) as NdArray;
    const elements = draw.some([...array.data.keys()], elementsPerTensor);
    const gradient = values.get(outputs.get(name) ?? '');
    if (gradient !== undefined && gradient.shape.join() !== array.shape.join())
      fault(`the gradient of ${name}[${array.shape}] is [${gradient.shape}]`);
    const result = compareWithDifferences(array, gradient, elements, () => one.sum());
    found.compared += result.compared;
    found.moved += result.moved;
    found.skipped += result.skipped;
    found.worst = Math.max(found.worst, result.worst);
    if (result.fault !== undefined) fault(`d/d${name}${result.fault}`);
  }
}

/** Computing layers again for the gradient changes no bit of it. */
function recomputation(found: GradientSurvey, one: GradientCase, values: Values, seed: number, fault: Fault): void {
  const groups = someGroups(one.forward, new Draw(seed + 5));
  if (groups === undefined) return;
  found.recomputed++;
  const again = one.differentiated((node) => fault(`no gradient of ${node.kind}`), groups);
  for (const [name, array] of one.evaluate(again)) {
    const wanted = values.get(name);
    const k = array.data.findIndex((x, i) => !(x === wanted?.data[i] || (Number.isNaN(x) && Number.isNaN(wanted?.data[i]))));
    if (k >= 0) fault(`with recomputation, ${name}[${k}] is ${array.data[k]}, not ${wanted?.data[k]}`);
  }
}

/** Some of the layers, or of the uses of some operators where a program has no layers; undefined for none. */
function someGroups(graph: Graph, draw: Draw): GroupOf | undefined {
  const layersOf = ({ origin: { path } }: Node) => path.map((_, i) => path.slice(0, i + 1).join('.'));
  const nodes = [...graph.nodes];
  const namesOf = nodes.some((node) => layersOf(node).length > 0) ? layersOf : (node: Node) => [operatorName(node)];
  const all = new Set(nodes.flatMap(namesOf));
  const chosen = new Set([...all].filter(() => draw.chance(0.5)));
  return chosen.size === 0 ? undefined : (node) => namesOf(node).find((name) => chosen.has(name));
}

async function onRuntime(
  found: GradientSurvey,
  one: GradientCase,
  gradients: GradientGraph,
  values: Values,
  seed: number,
  ort: OrtRunner,
  fault: Fault,
): Promise<void> {
  const noisy = new NoisyGradients(new Draw(seed + 6));
  const near = one.evaluate(gradients, noisy, (array) => noisy.disturbed(array, { all: true }));
  const feeds = Object.fromEntries([...gradients.given].map(([{ hint }, array]) => [hint ?? '', array]));
  const got = await ort.run(fileWithoutWeights(gradients.graph), feeds);
  for (const [output, name] of gradients.gradients) {
    const [wanted, mine, disturbed] = [values, new Map(Object.entries(got)), near].map((all) => all.get(output) as NdArray) as [
      NdArray,
      NdArray,
      NdArray,
    ];
    const largest = Math.max(0, ...wanted.data.map(Math.abs));
    if (!Number.isFinite(largest) || largest > 1e30) continue;
    const noise = Math.max(0, ...wanted.data.map((x, i) => Math.abs(x - (disturbed.data[i] as number))));
    found.tensors++;
    if (!(8 * noise <= 1e-4 * largest)) found.unsteady++;
    const allowed = Math.max(1e-4 * largest, 8 * noise);
    for (const [i, x] of wanted.data.entries()) {
      const off = Math.abs((mine.data[i] as number) - x);
      if (!(off <= allowed)) {
        fault(`in f32, d/d${name}[${i}] is ${mine.data[i]}, not ${x} (+- ${allowed})`);
        break;
      }
      if (allowed > 0 && 8 * noise <= 1e-4 * largest) found.worstOnRuntime = Math.max(found.worstOnRuntime, off / allowed);
    }
  }
}
