import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ArchcOptions } from '../api/bundler.js';
import type { ImportBuilder, ImportOutcome } from './import-builder.js';
import type { ImportRequest } from './import-request.js';
import { failure } from './problem.js';

export interface ChildRequest {
  readonly request: ImportRequest;
  readonly options: ArchcOptions;
  readonly root: string;
}

/** Builds an import without returning to the event loop: a process of its own puts it into the cache. `builder` looks there; `child` is the program of the process. */
export function buildInChild(builder: ImportBuilder, { request, options, root }: ChildRequest, child: URL): ImportOutcome {
  const known = builder.find(request, 'server');
  if (known !== undefined) return known;
  const input = JSON.stringify({ request, options: { ...options, cacheDir: builder.cacheFolder }, root } satisfies ChildRequest);
  // What the user's program is started with is not for this one.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [fileURLToPath(child)], {
    input,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const found = builder.find(request, 'server');
  if (found !== undefined) return found;
  if (status === 0) return { ...(JSON.parse(stdout) as Omit<ImportOutcome, 'built'>), built: undefined };
  const reason = error?.message ?? (stderr.trim() || `the process that builds it ended with code ${status}`);
  return { built: undefined, problems: [failure(`the model was not built: ${reason}`)], files: [] };
}
