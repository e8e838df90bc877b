/** Running and training models in a page or worker of a browser, with the package `onnxruntime-web`: `archc/runtime`. It loads nothing of Node and nothing of the compiler. */
import type {
  Model as LoadedModel,
  ModelLoader,
  Session as RunningSession,
  Trainer as RunningTrainer,
  SessionLoader,
  TrainerLoader,
} from './api/runtime.js';
import { browserPlatform } from './runtime/browser-platform.js';
import { modelLoader, sessionLoader, trainerLoader } from './runtime/loaders.js';
import type { WorkerPort } from './runtime/worker/protocol.js';

export * from './runtime/public.js';

export type Model = LoadedModel;
export type Session = RunningSession;
export type Trainer = RunningTrainer;

export const Model: ModelLoader = /* @__PURE__ */ modelLoader(browserPlatform, startWorker);
export const Session: SessionLoader = /* @__PURE__ */ sessionLoader(browserPlatform);
export const Trainer: TrainerLoader = /* @__PURE__ */ trainerLoader(browserPlatform, startWorker);

/** What is used of a worker. */
interface BrowserWorker {
  postMessage(message: unknown, moved: readonly ArrayBuffer[]): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
}

declare const Worker: new (url: URL, options: { readonly type: 'module' }) => BrowserWorker;

/** Starts `src/runtime-browser-worker.ts`, whose bundle is next to that of this file. Bundlers know this form of the call. */
function startWorker<Asked, Told>(): WorkerPort<Asked, Told> {
  const worker = new Worker(new URL('./runtime-browser-worker.js', import.meta.url), { type: 'module' });
  return {
    post: (message, moved = []) => worker.postMessage(message, moved),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data as Told)),
    onEnd: (listener) => worker.addEventListener('error', ({ message }) => listener(message ?? 'its script cannot be loaded')),
    setAwaited: () => {},
    close: () => worker.terminate(),
  };
}
