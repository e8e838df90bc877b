import type { RuntimeOptions } from '../../api/runtime.js';
import type { Platform } from '../platform.js';
import { Engine } from './engine.js';
import { ortOf } from './ort.js';

/** ONNX Runtime, set up as the options ask. Throws `SessionError` if it cannot be loaded. */
export async function openEngine(platform: Platform, { provider, ort, threads, sessionOptions }: RuntimeOptions): Promise<Engine> {
  return new Engine({
    ort: typeof ort === 'object' ? ortOf(ort) : await platform.loadOrt(ort),
    provider: provider ?? (await platform.defaultProvider()),
    host: platform.kind,
    memory: platform.memory(),
    threads,
    sessionOptions,
  });
}
