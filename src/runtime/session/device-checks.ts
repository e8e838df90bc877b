import type { DeviceCheck } from '../../api/device-check.js';
import { demandAttention } from './attention-check.js';
import type { Engine } from './engine.js';

const checks: Readonly<Record<DeviceCheck, (engine: Engine) => Promise<void>>> = { attention: demandAttention };

/** Runs the device checks that a model asks for. Throws `SessionError` for the first one that fails. */
export async function checkDevice(engine: Engine, wanted: readonly DeviceCheck[] = []): Promise<void> {
  for (const check of wanted) await checks[check](engine);
}
