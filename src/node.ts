/** What the compiler needs on Node: the file system as a host, and models written so that a crash leaves either the old one or the new one. */

export type { BuildFileOptions } from './api/options.js';
export type { BuildFileResult, WrittenModel } from './api/results.js';
export { openBinaryFile } from './node/binary-file.js';
export { buildFile } from './node/build-file.js';
export { buildsOf, findProject } from './node/find-project.js';
export { createNodeHost } from './node/node-host.js';
export { writeAtomically } from './node/write-atomically.js';
