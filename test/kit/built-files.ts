import type { ModelManifest } from '../../src/api/model-manifest.js';
import type { BuildOptions } from '../../src/api/options.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { rendered } from './source.js';

/** What `Model.load` takes of a source, which is in `m.arch`. Fails with the rendered diagnostics if it has a mistake. */
export function builtFiles(
  source: string,
  options: BuildOptions = {},
): { readonly files: Readonly<Record<string, Uint8Array>>; readonly manifest: ModelManifest } {
  const result = build('m.arch', createMemoryHost({ 'm.arch': source }), options);
  const { artifacts, manifest } = result;
  if (artifacts === undefined || manifest === undefined) throw new Error(rendered(result));
  return { files: Object.fromEntries(artifacts.map(({ name, bytes }) => [name, bytes])), manifest };
}
