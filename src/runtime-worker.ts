/// <reference types="node" />
/** The worker thread of a trainer in Node. */
import { parentPort } from 'node:worker_threads';
import { nodePlatform } from './runtime/node-platform.js';
import type { Request } from './runtime/worker/protocol.js';
import { serveTrainer } from './runtime/worker/serve.js';

serveTrainer(nodePlatform, {
  post: (message) => parentPort?.postMessage(message),
  onMessage: (listener) => parentPort?.on('message', (request: Request) => listener(request)),
  close: () => parentPort?.close(),
});
