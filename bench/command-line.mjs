// The command line, each run in a new process; the files are in the page cache.
import nodeModule from 'node:module';
import { join, resolve } from 'node:path';
import { runProcess, takeTurns } from './measure.mjs';
import { times } from './row.mjs';

export const archc = resolve(import.meta.dirname, '../dist/archc.cjs');

/** Whether this Node can keep compiled code from one process to the next. */
const keepsCode = 'enableCompileCache' in nodeModule;

/**
 * What a person waits for after pressing Enter, with the start of Node itself for comparison. From Node 22.1 on, compiled code is kept
 * between the runs, as it is for a user; the very first run, in the last row, finds none.
 */
export function commandLine({ folder, quick }) {
  const example = resolve(import.meta.dirname, '../examples/cnn/model.arch');
  const node = (args, env = { XDG_CACHE_HOME: folder }) => runProcess(process.execPath, args, { env }).ms;
  const cnn = [archc, example, '-o', join(folder, 'cnn.onnx'), '--quiet'];
  const contenders = {
    empty: () => node(['-e', '0']),
    version: () => node([archc, '--version']),
    ...(keepsCode ? { build: () => node(cnn) } : {}),
    first: () => node(cnn, { NODE_DISABLE_COMPILE_CACHE: '1' }),
  };
  takeTurns(1, contenders);
  const { empty, version, build, first } = takeTurns(quick ? 10 : 25, contenders);
  return {
    title: 'Whole processes',
    rows: [
      times('node -e 0, for comparison', empty),
      times('archc --version', version, 80),
      ...(build === undefined ? [] : [times('archc cnn.arch -o cnn.onnx', build, 250)]),
      times('archc cnn.arch -o cnn.onnx, no compiled code kept', first),
    ],
  };
}
