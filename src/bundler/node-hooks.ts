import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { quoted } from '../module/names.js';
import { buildInChild } from './build-in-child.js';
import { ImportBuilder } from './import-builder.js';
import { importCode } from './import-code.js';
import { type ImportRequest, importRequest } from './import-request.js';
import { errorsIn } from './importer.js';
import { type Problem, shownPath } from './problem.js';

interface LoadResult {
  readonly format: 'module';
  readonly source: string;
  readonly shortCircuit: true;
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

/** The hooks of Node for modules, with what they remember. */
export function createHooks() {
  const options = {};
  const root = process.cwd();
  const builder = new ImportBuilder(options, root);
  const child = new URL('./register-child.js', distFolder(import.meta.url));
  const warned = new Set<string>();

  /** The hook for the content of a module. Returns what the next hook returns, which may be a promise, for everything but models. */
  function load<C, R>(url: string, context: C, next: (url: string, context: C) => R): R | LoadResult {
    const request = requestOf(url);
    if (request === undefined) return next(url, context);
    const { built, problems } = buildInChild(builder, { request, options, root }, child);
    if (built === undefined) throw errorOf(errorsIn(problems), root);
    const code = importCode(request, built, (name) => quoted(pathToFileURL(join(built.folder, name)).href));
    if (typeof code !== 'string') throw errorOf([code], root);
    for (const problem of problems) {
      const text = textOf(problem, root);
      if (!warned.has(text)) process.emitWarning(text, 'ArchcWarning');
      warned.add(text);
    }
    return { format: 'module', source: code, shortCircuit: true };
  }

  /** The hook for the places of modules: a model may be in a package that does not list archc. */
  function resolve<C extends ResolveContext, R>(specifier: string, context: C, next: (specifier: string, context: C) => R): R {
    const isOfModel = specifier === 'archc/runtime' && context.parentURL !== undefined && requestOf(context.parentURL) !== undefined;
    return next(specifier, isOfModel ? { ...context, parentURL: import.meta.url } : context);
  }

  return { load, resolve };
}

function requestOf(url: string): ImportRequest | undefined {
  if (!url.startsWith('file:')) return undefined;
  const { href, search, pathname } = new URL(url);
  return pathname.endsWith('.arch') ? importRequest(fileURLToPath(href.replace(/[?#].*$/s, '')) + search) : undefined;
}

/** The folder of the built files: this code may be in a folder of chunks. */
function distFolder(url: string): URL {
  return new URL(/\/chunks\/[^/]*$/.test(url) ? '../' : './', url);
}

function errorOf(problems: readonly Problem[], root: string): Error {
  const error = new Error(problems.map((problem) => textOf(problem, root)).join('\n\n'));
  error.name = 'ArchcError';
  // The place is in the source of the model: a stack would only show archc's own.
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function textOf({ message, place, frame }: Problem, root: string): string {
  const where = place === undefined || frame !== '' ? '' : ` (${shownPath(place.file, root)}:${place.line}:${place.column + 1})`;
  return `${message}${where}${frame === '' ? '' : `\n${frame}`}`;
}
