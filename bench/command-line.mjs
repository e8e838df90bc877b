// The command line, each run a new process; the files are in the page cache.
import { join, resolve } from 'node:path';
import { runProcess, takeTurns } from './measure.mjs';
import { times } from './row.mjs';

export const archc = resolve(import.meta.dirname, '../dist/archc.cjs');

/** What a person waits for after pressing Enter, with the start of Node itself for comparison. */
export function commandLine({ folder, quick }) {
  const example = resolve(import.meta.dirname, '../examples/cnn/model.arch');
  const node = (...args) => runProcess(process.execPath, args).ms;
  const contenders = {
    empty: () => node('-e', '0'),
    version: () => node(archc, '--version'),
    build: () => node(archc, example, '-o', join(folder, 'cnn.onnx'), '--quiet'),
  };
  takeTurns(1, contenders);
  const { empty, version, build } = takeTurns(quick ? 10 : 25, contenders);
  return {
    title: 'Whole processes',
    rows: [
      times('node -e 0, for comparison', empty),
      times('archc --version', version, 80),
      times('archc cnn.arch -o cnn.onnx', build, 250),
    ],
  };
}
