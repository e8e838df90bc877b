/** What the compiler needs on Node: the file system as a host, and models written so that a crash leaves either the old one or the new one. */

export { openBinaryFile } from './node/binary-file.js';
export { type BuildFileOptions, type BuildFileResult, buildFile } from './node/build-file.js';
export { createNodeHost } from './node/node-host.js';
export { writeAtomically } from './node/write-atomically.js';
export type { WrittenModel } from './node/write-model.js';
