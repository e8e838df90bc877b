import type { Fallback, Provider, ProviderName, RuntimeOptions } from '../../api/runtime.js';
import type { Platform } from '../platform.js';
import { Engine } from './engine.js';
import { type Ort, ortOf } from './ort.js';
import { sharedQueue } from './queue.js';
import { reasonOf, SessionError } from './session-error.js';

/**
 * Does something with ONNX Runtime, set up as the options ask: with the first provider, or, if that fails, with the next one. Throws `SessionError` if ONNX Runtime cannot be loaded, and whatever `work` throws with the
 * last provider.
 */
export async function withEngine<T>(platform: Platform, options: RuntimeOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  const [first, ...others] = providersOf(options.provider) ?? (await platform.providers());
  return attempt(platform, options, [first ?? 'cpu', ...others], undefined, work);
}

async function attempt<T>(
  platform: Platform,
  options: RuntimeOptions,
  [provider, next, ...rest]: readonly [Provider, ...Provider[]],
  fallback: Fallback | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  let engine: Engine | undefined;
  try {
    engine = await openEngine(platform, provider, options, fallback);
    return await work(engine);
  } catch (error) {
    await engine?.close().catch(() => {});
    if (next === undefined || !(error instanceof SessionError)) throw error;
    return attempt(platform, options, [next, ...rest], { provider, reason: error.message }, work);
  }
}

/** What a program chose, each provider once. */
function providersOf(given: RuntimeOptions['provider']): readonly Provider[] | undefined {
  if (given === undefined) return undefined;
  const names: readonly ProviderName[] = typeof given === 'string' ? [given] : given;
  return [...new Set(names.map((name) => (name === 'wasm' ? 'cpu' : name)))];
}

async function openEngine(
  platform: Platform,
  provider: Provider,
  { ort: given, threads, sessionOptions, wasmPaths }: RuntimeOptions,
  fallback: Fallback | undefined,
): Promise<Engine> {
  const ort = typeof given === 'object' ? ortOf(given) : await platform.loadOrt(given, provider);
  if (given !== undefined && platform.kind === 'browser') await refuseJsep(ort);
  if (wasmPaths !== undefined && ort.env.wasm !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  return new Engine({ ort, provider, host: platform.kind, memory: platform.memory(), threads, sessionOptions, fallback });
}

/** Throws `SessionError` for the build that the bare import gives: among those of onnxruntime-web, it alone, with `/all` and `/webgl`, also computes with WebGL. */
async function refuseJsep(ort: Ort): Promise<void> {
  const known = sharedAnswers();
  const isJsep = known.get(ort) ?? (await sharedQueue().run(() => computesWithWebGl(ort)));
  known.set(ort, isJsep);
  if (isJsep) throw new SessionError({ kind: 'wrong-build' });
}

async function computesWithWebGl(ort: Ort): Promise<boolean> {
  try {
    // There is no way to ask for the backends. This fails in any case: without WebGL, because there is no such backend, and otherwise because it is no model.
    await ort.InferenceSession.create(new Uint8Array(), { executionProviders: ['webgl'], logSeverityLevel: 4 });
  } catch (error) {
    return !/backend not found/i.test(reasonOf(error));
  }
  return false;
}

const key = Symbol.for('archc.onnxruntime.webgl');

function sharedAnswers(): WeakMap<object, boolean> {
  const holder = globalThis as { [key]?: WeakMap<object, boolean> };
  holder[key] ??= new WeakMap();
  return holder[key];
}
