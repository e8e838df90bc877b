import type { Fallback, Provider, ProviderName, RuntimeOptions } from '../../api/runtime.js';
import type { Platform } from '../platform.js';
import { Engine } from './engine.js';
import { ortOf } from './ort.js';
import { SessionError } from './session-error.js';

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
  if (typeof given === 'string' && platform.kind === 'browser' && wrongBuilds.test(given)) throw new SessionError({ kind: 'wrong-build' });
  const ort = typeof given === 'object' ? ortOf(given) : await platform.loadOrt(given, provider);
  if (wasmPaths !== undefined && ort.env.wasm !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  return new Engine({ ort, provider, host: platform.kind, memory: platform.memory(), threads, sessionOptions, fallback });
}

/** The files of the builds that compute with WebGL or JSEP: those of the bare import, of `/all` and of `/webgl`. */
const wrongBuilds = /(?:^|\/)ort(?:\.all|\.webgl)?(?:\.bundle)?(?:\.min)?\.m?js(?:[?#]|$)/;
