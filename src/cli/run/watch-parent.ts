import { Worker } from 'node:worker_threads';

/** A run of ONNX Runtime blocks its thread, so another one watches whether anybody still waits for it: killing archc must not leave a model running. */
export function watchParent(parent: number): void {
  const look = `
    const isAlive = () => { try { process.kill(${parent}, 0); return process.ppid === ${parent}; } catch { return false; } };
    setInterval(() => isAlive() || process.kill(process.pid, 'SIGKILL'), 250);`;
  new Worker(look, { eval: true }).unref();
}
