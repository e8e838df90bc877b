import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { OnLoadResult, PartialMessage, PluginBuild } from 'esbuild';
import type { ArchcOptions, Environment } from '../api/bundler.js';
import { quoted } from '../module/names.js';
import { filesOfImport } from './import-code.js';
import { archImport } from './import-request.js';
import { errorsIn, Importer } from './importer.js';
import type { Problem } from './problem.js';

/** The imports in generated modules that mean files of models. */
const scheme = 'archc-file:';

/** Registers what esbuild needs: it emits the files itself, so that their places fit each chunk. */
export function setUpEsbuild(build: PluginBuild, options: ArchcOptions): void {
  const { absWorkingDir = process.cwd(), platform = 'browser', format } = build.initialOptions;
  const environment: Environment = options.environment ?? (platform === 'node' ? 'server' : 'client');
  const importer = new Importer(options, absWorkingDir);
  if (environment === 'server') build.onResolve({ filter: /^onnxruntime-node$/ }, ({ path }) => ({ path, external: true }));
  build.onResolve({ filter: /^archc-file:/ }, ({ path }) => ({ path: path.slice(scheme.length), namespace: 'archc-file' }));
  build.onLoad({ filter: /.*/, namespace: 'archc-file' }, async ({ path }) => ({ contents: await readFile(path), loader: 'file' }));
  build.onLoad({ filter: /\.arch$/, namespace: 'file' }, async ({ path, suffix }): Promise<OnLoadResult | undefined> => {
    if (!archImport.test(path + suffix)) return undefined;
    const imports: string[] = [];
    const imported = await importer.import(path + suffix, {
      environment,
      placesOf: (built, request) => {
        const names = filesOfImport(request, built);
        for (const [i, name] of names.entries()) imports.push(`import file${i}_ from ${quoted(scheme + join(built.folder, name))};`);
        return (name) => `new URL(file${names.indexOf(name)}_, base_).href`;
      },
    });
    if (imported === undefined) return undefined;
    const { code, problems, files } = imported;
    const warnings = problems.filter(({ severity }) => severity === 'warning').map(messageOf);
    const watchFiles = files.map((file) => resolve(file));
    if (code === undefined) return { errors: errorsIn(problems).map(messageOf), warnings, watchFiles };
    const base = imports.length === 0 ? [] : [`const base_ = ${baseOf(format, platform)};`];
    return { contents: [...imports, ...base, code].join('\n'), loader: 'js', resolveDir: dirname(path), warnings, watchFiles };
  });
}

/** The place of the output, from which those of files are relative. */
function baseOf(format: string | undefined, platform: string): string {
  if (format === 'esm' || (format === undefined && platform === 'neutral')) return 'import.meta.url';
  if (platform === 'node') return "require('node:url').pathToFileURL(__filename).href";
  return 'globalThis.document?.currentScript?.src ?? globalThis.location.href';
}

function messageOf({ message, place, frame }: Problem): PartialMessage {
  const notes = frame === '' ? [] : [{ text: frame }];
  if (place === undefined) return { text: message, notes };
  const { file, line, column, length, lineText } = place;
  return { text: message, location: { file, line, column, length, lineText }, notes };
}
