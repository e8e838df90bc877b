/// <reference types="node" />
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** The software GPU that comes with Chromium. `ARCHC_WEBGPU_DRIVER` names another; one that is not there counts as none. */
const driver = process.env.ARCHC_WEBGPU_DRIVER ?? '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Whether WebGPU runs on this machine. Sets up the environment that child processes inherit. Where it does not run, the tests that need it are
 * skipped with a loud line, or, if `ARCHC_REQUIRE_WEBGPU` is set, fail.
 */
export const webgpu: boolean = prepare();

function prepare(): boolean {
  if (existsSync(driver)) {
    process.env.VK_DRIVER_FILES ??= driver;
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
    return true;
  }
  const message = `WebGPU tests need Chromium: there is no ${driver}`;
  if (process.env.ARCHC_REQUIRE_WEBGPU === '1') throw new Error(message);
  console.warn(`\n*** SKIPPED: ${message} ***\n`);
  return false;
}
