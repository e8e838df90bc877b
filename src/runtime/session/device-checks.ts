import type { DeviceCheck } from '../../api/device-check.js';
import type { Engine } from './engine.js';
import { isAboutDevice, SessionError, type SessionProblem } from './session-error.js';

const checks: Readonly<Record<DeviceCheck, (engine: Engine) => Promise<void>>> = {
  half: async (engine) => (await import('./half-support.js')).demandHalf(engine),
  attention: async (engine) => (await import('./attention-check.js')).demandAttention(engine),
};

/**
 * Runs the device checks that a model asks for, each once for all sessions. Throws `SessionError` for the first one that fails, with the kind `no-half` or `wrong-attention`. Other errors of ONNX
 * Runtime are thrown as they are, and are not remembered. Without a device, there is nothing to check.
 */
export async function checkDevice(engine: Engine, wanted: readonly DeviceCheck[] = []): Promise<void> {
  if (!engine.hasDevice) return;
  const answers = sharedAnswers(engine.runtime);
  for (const check of wanted) {
    const answer = answers.get(check) ?? (await answerOf(engine, check));
    answers.set(check, answer);
    if (answer !== 'passed') throw new SessionError(answer);
  }
}

type Answer = SessionProblem | 'passed';

async function answerOf(engine: Engine, check: DeviceCheck): Promise<Answer> {
  try {
    await checks[check](engine);
    return 'passed';
  } catch (error) {
    if (error instanceof SessionError && isAboutDevice(error.problem)) return error.problem;
    throw error;
  }
}

const key = Symbol.for('archc.onnxruntime.device_checks');

/** The answers by the ONNX Runtime of this page, worker or process that computed them: all of its sessions share one device. */
function sharedAnswers(runtime: object): Map<DeviceCheck, Answer> {
  const holder = globalThis as { [key]?: WeakMap<object, Map<DeviceCheck, Answer>> };
  holder[key] ??= new WeakMap();
  const known = holder[key].get(runtime) ?? new Map<DeviceCheck, Answer>();
  holder[key].set(runtime, known);
  return known;
}
