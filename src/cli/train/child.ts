/** Trains in a process of its own: a graph that ONNX Runtime cannot handle may end the process, and during a step nothing else happens in it. */
import process from 'node:process';
import { nodePlatform } from '../../runtime/node-platform.js';
import type { Request } from '../../runtime/worker/protocol.js';
import { serveTrainer } from '../../runtime/worker/serve.js';
import { watchParent } from '../run/watch-parent.js';

// A signal to all processes also reaches this one. The one that has started it asks for a checkpoint first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
watchParent(process.ppid);
// As for `archc run`: the native part of onnxruntime-node does not know this class of Node 24.
Reflect.deleteProperty(globalThis, 'Float16Array');

serveTrainer(nodePlatform, {
  post: (reply) => void process.send?.(reply),
  onMessage: (listener) => process.on('message', (request: Request) => listener(request)),
  close: () => process.disconnect(),
});
// A failed runtime may keep threads alive.
process.once('disconnect', () => process.exit());
