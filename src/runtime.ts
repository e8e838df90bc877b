/// <reference types="node" />
/** Running and training models in Node, with the package `onnxruntime-node`: `archc/runtime`. In a browser, `src/runtime-browser.ts` replaces this file. */

import { Worker } from 'node:worker_threads';
import type {
  Model as LoadedModel,
  ModelLoader,
  Session as RunningSession,
  Trainer as RunningTrainer,
  SessionLoader,
  TrainerLoader,
} from './api/runtime.js';
import { modelLoader, sessionLoader, trainerLoader } from './runtime/loaders.js';
import { nodePlatform } from './runtime/node-platform.js';
import type { WorkerPort } from './runtime/worker/protocol.js';

export type { DeviceCheck } from './api/device-check.js';
export * from './runtime/public.js';

export type Model = LoadedModel;
export type Session = RunningSession;
export type Trainer = RunningTrainer;

export const Model: ModelLoader = /* @__PURE__ */ modelLoader(nodePlatform, startWorker);
export const Session: SessionLoader = /* @__PURE__ */ sessionLoader(nodePlatform);
export const Trainer: TrainerLoader = /* @__PURE__ */ trainerLoader(nodePlatform, startWorker);

/** Starts `src/runtime-worker.ts`, whose bundle is next to that of this file. */
function startWorker<Asked, Told>(): WorkerPort<Asked, Told> {
  const worker = new Worker(new URL('./runtime-worker.js', import.meta.url));
  let isClosed = false;
  return {
    post: (message, moved = []) => worker.postMessage(message, [...moved]),
    onMessage: (listener) => worker.on('message', listener),
    onEnd: (listener) => {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => isClosed || listener(`it ended with code ${code}`));
    },
    setAwaited: (isAwaited) => (isAwaited ? worker.ref() : worker.unref()),
    close: async () => {
      isClosed = true;
      await worker.terminate();
    },
  };
}
