// Times of functions and of whole processes.
import { spawnSync } from 'node:child_process';

/** The middle of the values, or the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a process to its end; returns its milliseconds and what it printed. Throws if it fails: a failure is not a measurement. */
export function runProcess(command, args, { env, cwd } = {}) {
  const start = performance.now();
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  const ms = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${signal ?? status}:\n${readable(stderr)}`);
  return { ms, stdout };
}

/** Without the lines of minified code that Node quotes. */
function readable(stderr) {
  const lines = stderr.split('\n').filter((line) => line.length < 500);
  return lines.join('\n').trim().slice(-4000);
}

/**
 * Runs every contender once per round. Each round begins with the next one, so that all are equally often first, last, and twice in a row with what they left in the caches. Returns the results of
 * each, by name. A contender is a function that returns its own result.
 */
export function takeTurns(rounds, contenders) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of inRound(contenders, round)) results[name].push(contenders[name](round));
  }
  return results;
}

/** The same for contenders that return promises. */
export async function takeTurnsAsync(rounds, contenders) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of inRound(contenders, round)) results[name].push(await contenders[name](round));
  }
  return results;
}

function inRound(contenders, round) {
  const names = Object.keys(contenders);
  const first = round % names.length;
  return [...names.slice(first), ...names.slice(0, first)];
}
