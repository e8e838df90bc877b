/** Builds one import for a hook of Node, which cannot wait for anything but a process. */
import { readFileSync } from 'node:fs';
import type { ChildRequest } from './bundler/build-in-child.js';
import { ImportBuilder } from './bundler/import-builder.js';

const { request, options, root } = JSON.parse(readFileSync(0, 'utf8')) as ChildRequest;
const { built: _, ...outcome } = await new ImportBuilder(options, root).build(request, 'server');
process.stdout.write(JSON.stringify(outcome));
