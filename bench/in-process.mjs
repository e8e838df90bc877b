// The compiler inside a process, as an editor or a bundler uses it.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { largeSource } from './large-source.mjs';
import { runProcess } from './measure.mjs';
import { mebibytes, times } from './row.mjs';

const here = import.meta.dirname;

/** Compiles the examples and checks a large file: the first time in a process, and when V8 has warmed up. */
export async function inProcess({ folder, quick }) {
  const child = join(folder, 'in-process-child.mjs');
  await build({
    entryPoints: [join(here, 'in-process-child.ts')],
    outfile: child,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  const measure = (kind, file, flags = []) => {
    const run = (runs) => JSON.parse(runProcess(process.execPath, [...flags, child, kind, file, String(runs)]).stdout);
    const cold = Array.from({ length: quick ? 3 : 7 }, () => run(1).ms[0]);
    const { ms, size } = run(quick ? 40 : 100);
    return { cold, warm: ms.slice(ms.length / 2), size };
  };

  const rows = [];
  for (const [name, target] of [['cnn'], ['transformer'], ['gpt2', 60]]) {
    const { cold, warm, size } = measure('build', resolve(here, '../examples', name, 'model.arch'));
    const what = `${name === 'gpt2' ? 'gpt2, 12 layers' : name}, source to ${Math.round(size / 1024)} KiB`;
    rows.push(times(`${what}, first in its process`, cold), times(`${what}, warm`, warm, target));
  }

  const large = join(folder, 'large.arch');
  const source = largeSource(1000);
  writeFileSync(large, source);
  const { cold, warm } = measure('check', large);
  const lines = source.split('\n').length - 1;
  rows.push(times(`check ${lines} lines, first in its process`, cold), times(`check ${lines} lines, warm`, warm, 45));
  rows.push(times(`check ${lines} lines again after an edit of one declaration`, measure('edit', large).warm, 10));
  const memory = measure('memory', large, ['--max-semi-space-size=1024', '--expose-gc']).size;
  rows.push(mebibytes(`memory that a check of ${lines} lines allocates`, memory / 2 ** 20, 33));
  rows.push(times('check gpt2 with 96 layers, warm', measure('deep', resolve(here, '../examples/gpt2/model.arch')).warm, 100));
  return { title: 'Inside a process, no weights', rows };
}
