import type { ModelOptions } from '../api/model-options.js';
import type {
  CallOptions,
  EvaluateOptions,
  ExportOptions,
  ProviderName,
  RuntimeOptions,
  SessionOptions,
  TrainerOptions,
} from '../api/runtime.js';
import { suggest } from '../diagnostics/suggest.js';
import { kindOfValue } from './pure/kind-of-value.js';

const ofRuntime: readonly (keyof RuntimeOptions)[] = ['provider', 'ort', 'wasmPaths', 'threads', 'sessionOptions'];
const ofModel: readonly (keyof ModelOptions)[] = [...ofRuntime, 'weights', 'signal', 'onProgress', 'cache', 'worker'];
const ofSession: readonly (keyof SessionOptions)[] = [...ofRuntime, 'resident', 'data'];
const ofTrainer: readonly (keyof TrainerOptions)[] = [...ofRuntime, 'seed', 'lr', 'weights', 'skipMismatch', 'worker'];
const ofCall: readonly (keyof CallOptions)[] = ['signal', 'resize'];
const ofEvaluation: readonly (keyof EvaluateOptions)[] = [...ofCall, 'ema'];
const ofExport: readonly (keyof ExportOptions)[] = ['ema'];
const providers: readonly ProviderName[] = ['cpu', 'webgpu', 'wasm'];

/** Throws `TypeError` for an option that there is not, and `RangeError` for a value that it cannot have: in JavaScript, anything can be given. */
export function checkModelOptions(options: ModelOptions): void {
  checkNames(options, ofModel);
  checkValues(options);
}

/** Does the same for a session. */
export function checkSessionOptions(options: SessionOptions): void {
  checkNames(options, ofSession);
  checkValues(options);
}

/** Does the same for a trainer. */
export function checkTrainerOptions(options: TrainerOptions): void {
  checkNames(options, ofTrainer);
  checkValues(options);
  const { seed = 0 } = options;
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32)
    throw new RangeError(`the seed ${seed} is not a whole number of 32 bits`);
}

/** Does the same for a call. */
export function checkCallOptions(options: CallOptions): void {
  checkNames(options, ofCall);
}

/** Does the same for an evaluation. */
export function checkEvaluateOptions(options: EvaluateOptions): void {
  checkNames(options, ofEvaluation);
}

/** Does the same for an export. */
export function checkExportOptions(options: ExportOptions): void {
  checkNames(options, ofExport);
}

function checkValues({ provider, threads, sessionOptions = {} }: RuntimeOptions): void {
  const wanted: readonly unknown[] = Array.isArray(provider) ? provider : [provider ?? 'cpu'];
  for (const name of wanted)
    if (!providers.some((known) => known === name))
      throw new RangeError(`\`provider\` is one of ${providers.join(', ')}, or a list of them, not ${JSON.stringify(name)}`);
  if (wanted.length === 0) throw new RangeError("`provider` is a list without anything in it: write `['webgpu', 'wasm']`");
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new RangeError(`\`threads\` is a whole number from 1 on, not ${threads}`);
  if (typeof sessionOptions !== 'object' || sessionOptions === null)
    throw new TypeError(`\`sessionOptions\` is an object, not ${kindOfValue(sessionOptions)}`);
}

function checkNames(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const [near] = suggest(name, known);
    const help = near === undefined ? `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : `did you mean \`${near}\`?`;
    throw new TypeError(`there is no option \`${name}\`: ${help}`);
  }
}
