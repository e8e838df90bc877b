import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { type TensorSource, wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import type { BuildOptions } from '../../src/api/options.js';
import { build } from '../../src/build.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { Report } from '../../src/diagnostics/report.js';
import { holdsAt } from '../../src/dims/witness.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { EvalBuilder } from '../../src/ops/evaluate.js';
import type { NdArray } from '../../src/ops/types.js';
import type { OrtRunner } from '../kit/ort.js';
import { type OneGraph, onlyGraph } from '../kit/source.js';
import { wronglyDeclared } from './declared.js';
import { Draw } from './draw.js';
import type { Program } from './program.js';
import { NoisyBuilder, Run } from './run.js';
import type { Sizes } from './size.js';
import { isExact } from './tensor.js';

/** What came of one program. */
export type Verdict =
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'agrees'; readonly runs: number; readonly ones: number; readonly empty: number }
  | { readonly kind: 'fault'; readonly text: string };

/** Compiles a program and runs it on several sizes; what ONNX Runtime gives has to be what the reference gives. */
export async function execute(program: Program, ort: OrtRunner): Promise<Verdict> {
  const source = program.text;
  const host = createMemoryHost({ 'main.arch': source, ...program.files });
  const options: BuildOptions = {
    model: program.model,
    set: program.set,
    with: program.with,
    ...(Object.keys(program.config).length > 0 ? { config: program.config } : {}),
  };
  let built: ReturnType<typeof build>;
  try {
    built = build('main.arch', host, options);
  } catch (error) {
    return { kind: 'fault', text: `the compiler threw ${String(error)}\n${source}` };
  }
  const { bytes } = built;
  if (built.model === undefined || bytes === undefined)
    return { kind: 'refused', text: `${renderTerminal(built.diagnostics, built.sources)}\n${source}` };
  const model = onlyGraph(built.model);
  const declared = wronglyDeclared(model.onnx);
  if (declared !== undefined) return { kind: 'fault', text: `${declared}\n${source}` };
  const weights = weightsOf(model);
  const weight = (name: string): NdArray => {
    const found = weights.get(name);
    if (found === undefined) throw new Error(`there is no weight ${name}; there are ${[...weights.keys()].join(', ')}`);
    return found;
  };
  const open = model.graph.open;
  let runs = 0;
  let ones = 0;
  let empty = 0;
  for (const [turn, sizes] of assignments(program).entries()) {
    if (!open.every((fact) => holds(() => holdsAt(fact, sizes)))) continue;
    const given = program.inputs.filter((input) => !input.absent).map((input) => [input.tensor, program.data(input, sizes, turn)] as const);
    const reference = new Run(program.world(new EvalBuilder(), weight), sizes, new Map(given));
    const noisy = new NoisyBuilder(new Draw(program.seed + 2));
    const disturbed = given.map(([tensor, value]) => [tensor, isExact(tensor) ? value : noisy.disturbed(value, { all: true })] as const);
    const other = new Run(program.world(noisy, weight), sizes, new Map(disturbed));
    const place = `with ${[...sizes].map(([name, n]) => `${name}=${n}`).join()}\n${source}`;
    let wanted: readonly NdArray[];
    let near: readonly NdArray[];
    try {
      wanted = program.outputs.map(({ tensor }) => reference.of(tensor));
      near = program.outputs.map(({ tensor }) => other.of(tensor));
    } catch (error) {
      return { kind: 'fault', text: `the reference does not accept what the compiler accepted: ${String(error)} ${place}` };
    }
    const feeds = Object.fromEntries(
      given.map(([tensor, value]) => [tensor.text, value]).filter(([name]) => model.onnx.inputs.some((i) => i.name === name)),
    );
    let got: Record<string, NdArray>;
    try {
      got = await ort.run(bytes, feeds);
    } catch (error) {
      return { kind: 'fault', text: `ONNX Runtime: ${String(error)} ${place}` };
    }
    const names = program.outputs.map(({ name }) => name);
    if (Object.keys(got).sort().join() !== [...names].sort().join())
      return { kind: 'fault', text: `outputs ${Object.keys(got)}, not ${names} ${place}` };
    for (const [i, { name }] of program.outputs.entries()) {
      const problem = differs(got[name] as NdArray, wanted[i] as NdArray, near[i] as NdArray);
      if (problem !== undefined) return { kind: 'fault', text: `${name}: ${problem} ${place}` };
      const declared = model.onnx.outputs.find((o) => o.name === name)?.type.shape.map((s) => s.evaluate(sizes));
      if (declared?.join() !== (got[name] as NdArray).shape.join())
        return { kind: 'fault', text: `${name} is declared as [${declared}], and is [${got[name]?.shape}] ${place}` };
    }
    runs++;
    if ([...sizes.values()].includes(1)) ones++;
    if (reference.sawEmpty) empty++;
  }
  return { kind: 'agrees', runs, ones, empty };
}

/** The first weights of a model, by name. */
function weightsOf(model: OneGraph): ReadonlyMap<string, NdArray> {
  const parameters = model.graph.parameters.flatMap(({ source }) => (source.kind === 'parameter' ? [source.parameter] : []));
  const sources = initializeWeights(parameters, 0, new Report());
  return new Map(
    parameters.map(({ name, type }) => {
      const bytes = wholeTensor(sources.get(name) as TensorSource);
      const data = Float64Array.from(new Float32Array(bytes.slice().buffer));
      return [name, { dtype: 'f32', shape: type.shape.map((size) => size.evaluate(new Map())), data }];
    }),
  );
}

export function holds(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}

/** The sizes of the runs: those of the draft, all as small as can be, and others. */
export function assignments(program: Program): readonly Sizes[] {
  const draw = new Draw(program.seed + 1);
  const fits = (sizes: Sizes) => program.where.every((fact) => fact.holds(sizes));
  const found: Sizes[] = [program.sizes];
  const names = [...program.sizes.keys()];
  const smallest = new Map(names.map((name) => [name, 1]));
  for (const name of names)
    while (!fits(smallest) && (smallest.get(name) ?? 9) < (program.sizes.get(name) ?? 1)) smallest.set(name, (smallest.get(name) ?? 1) + 1);
  if (fits(smallest)) found.push(smallest);
  for (let tries = 0; tries < 20 && found.length < 4; tries++) {
    const sizes = new Map(names.map((name) => [name, draw.int(1, 7)]));
    if (fits(sizes)) found.push(sizes);
  }
  return found;
}

/**
 * Why an output is not what was wanted. Floats may differ by 1e-5 of the largest element, or by some times what a disturbance of a few units in
 * the last place changes; everything else is exact. NaN equals NaN, infinities equal themselves.
 */
function differs(got: NdArray, wanted: NdArray, near: NdArray): string | undefined {
  if (got.dtype !== wanted.dtype) return `dtype ${got.dtype}, wanted ${wanted.dtype}`;
  if (got.shape.join() !== wanted.shape.join()) return `shape [${got.shape}], wanted [${wanted.shape}]`;
  let largest = 0;
  let noise = 0;
  for (const [i, value] of wanted.data.entries()) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    const off = Math.abs(value - (near.data[i] as number));
    if (Number.isFinite(off)) noise = Math.max(noise, off);
  }
  const allowed = wanted.dtype === 'f32' ? Math.max(1e-5 * largest, 8 * noise) : 0;
  for (const [i, value] of wanted.data.entries()) {
    const other = got.data[i] as number;
    if (other === value || (Number.isNaN(other) && Number.isNaN(value))) continue;
    if (!(Math.abs(other - value) <= allowed)) return `element ${i} is ${other}, wanted ${value} (+- ${allowed})`;
  }
  return undefined;
}
