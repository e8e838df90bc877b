// What the numbers were measured on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Date, versions and hardware, as plain data. */
export function machine() {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    archc: JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version,
    commit: commit(),
    node: process.version,
    system: `${platform()} ${release()} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round(loadavg()[0] * 10) / 10,
  };
}

/** One line for people. */
export function describe({ date, archc, commit, node, system, processor, cores, memoryGiB, load }) {
  return `${date}, archc ${archc} (${commit}), Node ${node}, ${system}, ${cores} x ${processor}, ${memoryGiB} GiB, load ${load}`;
}

/** Whether other programs use the processor, which makes times unreliable. */
export function isBusy({ cores, load }) {
  return load > cores / 2;
}

function commit() {
  try {
    return execFileSync('git', ['-C', root, 'describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no commit';
  }
}
