import type { ModelLoader, SessionLoader, TrainerLoader } from '../api/runtime.js';
import { loadModel } from './model/model.js';
import type { Platform } from './platform.js';
import type { WorkerPort } from './worker/protocol.js';

/** Starts a worker of the platform. */
type StartWorker = <Asked, Told>() => WorkerPort<Asked, Told>;

/** Loads models on a platform. What runs them in a worker is loaded when it is needed. */
export function modelLoader(platform: Platform, startWorker: StartWorker): ModelLoader {
  return {
    load: async (files, manifest, options = {}) =>
      options.worker === true
        ? (await import('./worker/worker-model.js')).loadWorkerModel(platform, startWorker, files, manifest, options)
        : loadModel(platform, files, manifest, options),
  };
}

/** Loads sessions on a platform. */
export function sessionLoader(platform: Platform): SessionLoader {
  return { load: async (model, options = {}) => (await import('./session/session.js')).loadSession(platform, model, options) };
}

/** Loads trainers on a platform. */
export function trainerLoader(platform: Platform, startWorker: StartWorker): TrainerLoader {
  return {
    load: async (files, manifest, options = {}) =>
      options.worker === true
        ? (await import('./worker/worker-trainer.js')).loadWorkerTrainer(platform, startWorker, files, manifest, options)
        : (await import('./trainer/load-trainer.js')).loadTrainer(platform, files, manifest, options),
  };
}
