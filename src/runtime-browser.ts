/** Running and training models in a page or worker of a browser, with the package `onnxruntime-web`: `archc/runtime`. It loads nothing of Node and nothing of the compiler. */
import type { Session as RunningSession, Trainer as RunningTrainer, SessionLoader, TrainerLoader } from './api/runtime.js';
import { browserPlatform } from './runtime/browser-platform.js';
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

export const Session: SessionLoader = { load: (model, options = {}) => loadSession(browserPlatform, model, options) };
export const Trainer: TrainerLoader = { load: (files, manifest, options = {}) => loadTrainer(browserPlatform, files, manifest, options) };
