/// <reference types="node" />
/** The worker thread of a model or trainer in Node. */
import { parentPort } from 'node:worker_threads';
import { nodePlatform } from './runtime/node-platform.js';
import { serve } from './runtime/worker/serve-any.js';

serve(nodePlatform, {
  post: (message, moved = []) => parentPort?.postMessage(message, [...moved]),
  onMessage: (listener) => parentPort?.on('message', listener),
  close: () => parentPort?.close(),
});
