/** What the compiler needs on Node: the file system as a host, and models written so that a crash leaves either the old one or the new one. */
export { openBinaryFile } from './node/binary-file.js';
export { createNodeHost } from './node/node-host.js';
export { writeAtomically } from './node/write-atomically.js';
export { type ModelToWrite, type WriteModelOptions, type WrittenModel, writeModel } from './node/write-model.js';
