import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const types = join(root, 'dist/types');

/** What programs that use archc see of its types. */
const shown = [
  'src/1-syntax/limits.d.ts',
  'src/6-emit/onnx/decode.d.ts',
  'src/6-emit/onnx/int64.d.ts',
  'src/6-emit/onnx/onnx-proto.d.ts',
  'src/6-emit/onnx/proto.d.ts',
  'src/api/bundler.d.ts',
  'src/api/device-check.d.ts',
  'src/api/model-manifest.d.ts',
  'src/api/model-options.d.ts',
  'src/api/model-view.d.ts',
  'src/api/model.d.ts',
  'src/api/module.d.ts',
  'src/api/options.d.ts',
  'src/api/project.d.ts',
  'src/api/prune.d.ts',
  'src/api/results.d.ts',
  'src/api/runtime.d.ts',
  'src/api/session-options.d.ts',
  'src/api/signature.d.ts',
  'src/api/tensor-types.d.ts',
  'src/api/training.d.ts',
  'src/bundler/esbuild.d.ts',
  'src/bundler/rolldown.d.ts',
  'src/bundler/rollup.d.ts',
  'src/bundler/rspack.d.ts',
  'src/bundler/vite.d.ts',
  'src/bundler/webpack.d.ts',
  'src/diagnostics/apply-fix.d.ts',
  'src/diagnostics/internal-error.d.ts',
  'src/diagnostics/located.d.ts',
  'src/diagnostics/palette.d.ts',
  'src/diagnostics/record.d.ts',
  'src/diagnostics/render-json.d.ts',
  'src/diagnostics/render-terminal.d.ts',
  'src/diagnostics/span.d.ts',
  'src/format.d.ts',
  'src/host.d.ts',
  'src/index.d.ts',
  'src/limits.d.ts',
  'src/memory-host.d.ts',
  'src/node.d.ts',
  'src/node/binary-file.d.ts',
  'src/node/build-file.d.ts',
  'src/node/find-project.d.ts',
  'src/node/node-host.d.ts',
  'src/node/write-atomically.d.ts',
  'src/ops/targets.d.ts',
  'src/project/read-project.d.ts',
  'src/runtime.d.ts',
  'src/runtime/public.d.ts',
  'src/runtime/pure/feed-error.d.ts',
  'src/runtime/pure/tensor.d.ts',
  'src/runtime/session/session-error.d.ts',
  'src/runtime/trainer/training-error.d.ts',
];

/** All files that the declarations of the entry points mention, directly or not. */
function reachable(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set(entries);
  for (const file of found) {
    const text = readFileSync(join(types, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/(?:from |import\(|import )["'](\.[^"']+)["']/g))
      found.add(posix.join(posix.dirname(file), target).replace(/\.js$/, '.d.ts'));
  }
  return found;
}

function entryPoints(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: object };
  const all = Object.values(exports).flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'types' in entry && String(entry.types).startsWith('./dist/') ? [entry.types] : [],
  );
  return [...new Set(all)].map((path) => relative('dist/types', String(path)).replaceAll('\\', '/'));
}

test('the public types are plain data: they reach these files, and no class of the compiler', () => {
  expect([...reachable(entryPoints())].sort()).toEqual(shown);
});

test('the package has no other types', () => {
  const files = readdirSync(types, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  expect(files.map((entry) => relative(types, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort()).toEqual(shown);
});

test('the only classes among them are those of errors', () => {
  const classes = shown.flatMap((file) => readFileSync(join(types, file), 'utf8').match(/declare (?:abstract )?class \w+/g) ?? []);
  expect(classes).toEqual([
    'declare class InternalError',
    'declare class HostError',
    'declare class FeedError',
    'declare class SessionError',
    'declare class TrainingError',
  ]);
});

test('they can be imported by name', () => {
  // `Limits` has the keys of `SyntaxLimits`. The parts of an ONNX file are reached from `ModelProto`.
  const inner = /^src\/(?:1-syntax\/limits|6-emit\/onnx\/(?:proto|int64))\.d\.ts$/;
  const declared = shown
    .filter((file) => !inner.test(file))
    .flatMap((file) => [...readFileSync(join(types, file), 'utf8').matchAll(/^export (?:declare )?(?:interface|type|class) (\w+)/gm)])
    .map(([, name]) => name ?? '');
  const entries = [...entryPoints(), 'src/runtime/public.d.ts'].map((file) => readFileSync(join(types, file), 'utf8'));
  const isExported = (name: string) =>
    entries.some((text) => new RegExp(`^export .*\\b${name}\\b.* from |^export type ${name} = `, 'm').test(text));
  expect([...declared, 'ModelProto'].filter((name) => !isExported(name))).toEqual([]);
});
