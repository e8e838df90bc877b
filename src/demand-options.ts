import { optimizationLevels } from './5-optimize/levels.js';
import type { WeightsOptions } from './6-emit/weights/model-weights.js';
import type { Emission } from './api/module.js';
import type { BuildOptions, CompileOptions } from './api/options.js';
import { suggest } from './diagnostics/suggest.js';
import { HostError } from './host.js';
import { limitTable } from './limit-table.js';
import { defaultLimits, type Limits, limitProblem } from './limits.js';
import { opsets } from './ops/opsets.js';
import { targets } from './ops/targets.js';

export const emissions: readonly Emission[] = ['onnx', 'js', 'dts'];
export const floatTypes = ['f32', 'f16', 'bf16'] as const;

/**
 * The limits of a compilation. Throws `HostError` if an option with a fixed set of values has any other: `limits`, `dtype`, `io`, `target`, `opset`, `optimize`. From
 * JavaScript, anything can be passed.
 */
export function demandOptions({ limits, dtype, io, target, opset, optimize }: CompileOptions): Limits {
  demandOneOf(dtype, floatTypes, `archc builds for the float types ${floatTypes.join(', ')}, not for`);
  demandOneOf(io, ['f32'], 'inputs and outputs can be kept as f32, not as');
  demandOneOf(target, targets, `archc writes for the targets ${targets.join(', ')}, not for`);
  demandOneOf(optimize, optimizationLevels, `the optimization level must be one of ${optimizationLevels.join(', ')}, not`);
  if (opset !== undefined && !(Number.isInteger(opset) && opset >= opsets.min && opset <= opsets.max))
    throw new HostError(`archc writes the ONNX opsets ${opsets.min} to ${opsets.max}, not ${shown(opset)}`);
  return limitsOf(limits);
}

/** What a build is to make, `['onnx']` by default. Throws `HostError` for something that it cannot make, or not without something else. */
export function demandEmissions(emit: readonly Emission[] = ['onnx']): readonly Emission[] {
  for (const emission of emit) demandOneOf(emission, emissions, `archc emits ${emissions.join(', ')}, not`);
  if (emit.includes('js') && !emit.includes('onnx')) throw new HostError('`js` also needs `onnx`: the module loads the files');
  return emit;
}

/** Where the options of a build say that the weights come from. */
export function weightsOf({ weights, frozenWeights = {}, map = {}, skipMismatch, seed = 0 }: BuildOptions): WeightsOptions {
  const patterns = Object.entries(map).map(([from, to]) => ({ from, to }));
  return { file: weights, frozen: new Map(Object.entries(frozenWeights)), patterns, skipsMismatch: skipMismatch, seed };
}

/** Throws `HostError` for a value that is none of these; `problem` is the beginning of its message. */
export function demandOneOf<T>(value: T | undefined, known: readonly T[], problem: string): void {
  if (value !== undefined && !known.includes(value)) throw new HostError(`${problem} ${shown(value)}`);
}

function limitsOf(given: CompileOptions['limits']): Limits {
  const limits: Limits = { ...defaultLimits, ...given };
  const names = Object.keys(limitTable);
  for (const name of Object.keys(limits)) {
    if (names.includes(name)) continue;
    const [near] = suggest(name, names);
    throw new HostError(`there is no limit ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
  }
  for (const name of names as (keyof Limits)[]) {
    const problem = limitProblem(name, limits[name]);
    if (problem !== undefined) throw new HostError(`the limit ${name} cannot be ${shown(limits[name])}: ${problem}`);
  }
  return limits;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
