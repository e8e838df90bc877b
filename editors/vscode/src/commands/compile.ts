import { runFor, showDone, type Tools } from './running.js';

/** Writes the ONNX file of a model or of the chosen build. */
export async function compile(tools: Tools, given?: unknown, model?: unknown): Promise<void> {
  const running = { command: 'build', options: () => [], verb: 'compiling', needs: { entry: false }, acts: true };
  const done = await runFor(tools, running, given, model);
  if (done === undefined) return;
  // archc says what it wrote on its error output, after the warnings.
  showDone(tools, done, done.stderr.trim().split('\n').at(-1) ?? 'compiled');
}
