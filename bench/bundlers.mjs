// What a model adds to the time in which Vite builds a project. ONNX Runtime is not bundled: it takes the same time for all models.
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProcess, takeTurns } from './measure.mjs';
import { times } from './row.mjs';

const root = resolve(import.meta.dirname, '..');
const models = ['lenet', 'transformer', 'unet'];

export async function bundlers({ folder, quick }) {
  const place = join(folder, 'bundlers');
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  for (const [name, path] of [
    ['archc', root],
    ['vite', join(root, 'node_modules/vite')],
  ])
    symlinkSync(path, join(place, 'node_modules', name), 'dir');
  writeFileSync(join(place, 'package.json'), '{ "private": true, "type": "module" }\n');
  copyFileSync(join(root, 'bench/bundlers-child.mjs'), join(place, 'build.mjs'));
  writeFileSync(join(place, 'plain.js'), 'export const nothing = 0;\n');
  for (const name of models) {
    copyFileSync(join(root, `examples/${name}/model.arch`), join(place, `${name}.arch`));
    writeFileSync(join(place, `${name}.js`), `export * from './${name}.arch';\n`);
  }
  const build = (entry) => Number(runProcess(process.execPath, ['build.mjs', entry], { cwd: place }).stdout);
  const cold = (entry) => {
    rmSync(join(place, 'node_modules/.cache'), { recursive: true, force: true });
    return build(entry);
  };
  const rows = [];
  for (const name of models) {
    const results = takeTurns(quick ? 3 : 9, {
      plain: () => build('plain.js'),
      cold: () => cold(`${name}.js`),
      cached: () => {
        cold(`${name}.js`);
        return build(`${name}.js`);
      },
    });
    const added = (ms) => ms.map((value, i) => value - results.plain[i]);
    rows.push(
      times(`${name}: added to a build, nothing cached`, added(results.cold)),
      times(`${name}: added to a build, cached`, added(results.cached), 100),
    );
  }
  return { title: `Vite, Node ${process.versions.node}: time that a model adds to the build of a project`, rows };
}
