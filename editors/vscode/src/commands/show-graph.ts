import { openGraph } from '../graph-panel.js';
import { runFor, showDone, type Tools } from './running.js';

/** Opens the graph of a model beside it. */
export async function showGraph(tools: Tools, given?: unknown, model?: unknown): Promise<void> {
  const options = () => ['--emit', 'svg', '-o', '-'];
  const done = await runFor(tools, { command: 'graph', options, verb: 'drawing', needs: { entry: true }, acts: false }, given, model);
  if (done === undefined) return;
  if (done.code === 0) openGraph(done.target.title, done.stdout);
  else showDone(tools, done, '');
}
