/** Running and training models in Node, with the package `onnxruntime-node`: `archc/runtime`. In a browser, `src/runtime-browser.ts` stands for this file. */
import type { Session as RunningSession, Trainer as RunningTrainer, SessionLoader, TrainerLoader } from './api/runtime.js';
import { nodePlatform } from './runtime/node-platform.js';
import { loadSession } from './runtime/session/session.js';
import { loadTrainer } from './runtime/trainer/trainer.js';

export type * from './api/runtime.js';
export type * from './api/signature.js';
export type * from './api/training.js';
export { HostError } from './host.js';
export { FeedError, type FeedProblem } from './runtime/pure/feed-error.js';
export { SessionError, type SessionProblem } from './runtime/session/session-error.js';
export { TrainingError, type TrainingProblem } from './runtime/trainer/training-error.js';

export type Session = RunningSession;
export type Trainer = RunningTrainer;

export const Session: SessionLoader = { load: (model, options = {}) => loadSession(nodePlatform, model, options) };
export const Trainer: TrainerLoader = { load: (files, manifest, options = {}) => loadTrainer(nodePlatform, files, manifest, options) };
