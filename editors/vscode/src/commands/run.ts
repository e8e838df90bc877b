import { setting } from '../settings.js';
import type { Target } from '../target.js';
import { bindOption, runSummary } from '../text.js';
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
