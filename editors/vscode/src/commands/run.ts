import { setting } from '../settings.js';
import type { Target } from '../target.js';
import { bindOption } from '../text.js';
import { runFor, showDone, type Tools } from './running.js';

const providers = ['cpu', 'webgpu', 'cuda'];
const runs = 10;

/** Runs a model on random inputs, and shows the shapes of its outputs and the time of a run. */
export async function run(tools: Tools, given?: unknown, model?: unknown): Promise<void> {
  const done = await runFor(tools, { command: 'run', options, verb: 'running', needs: { entry: true }, acts: true }, given, model);
  if (done === undefined) return;
  showDone(tools, done, runSummary(done.stdout, done.stderr));
  if (done.code === 0) tools.output.show(true);
}

function options({ source }: Target): readonly string[] {
  const provider = setting('run.provider', source);
  const chosen = providers.includes(provider) ? provider : 'cpu';
  return ['--provider', chosen, '--runs', String(runs), ...bindOption(setting('run.bind', source))];
}

/** `logits [4, 10], 0.24 ms on cpu`, from what `archc run` prints: a line for each output, and the time on the error output. */
export function runSummary(stdout: string, stderr: string): string {
  const outputs = [...stdout.matchAll(/^(\S+) {2}\w+ {2}(\[[^\]]*\])/gm)].map(([, name, shape]) => `${name} ${shape}`);
  const [, time] = /^latency (\S+ \S+)/m.exec(stderr) ?? [];
  const [, place] = / on (\w+)/.exec(stderr.split('\n').find((line) => line.startsWith('latency ')) ?? '') ?? [];
  const timed = time === undefined ? [] : [`${time}${place === undefined ? '' : ` on ${place}`}`];
  return [...outputs, ...timed].join(', ') || 'done';
}
