import { HostError } from '../../host.js';
import { FeedError, type FeedProblem } from '../pure/feed-error.js';
import { SessionError, type SessionProblem } from '../session/session-error.js';
import { TrainingError, type TrainingProblem } from '../trainer/training-error.js';
import type { PlainError } from './protocol.js';

/** What is sent of whatever was thrown. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  return 'problem' in error ? { name, message, problem: error.problem } : { name, message };
}

/** The error of the class that it had in the worker. */
export function revivedError({ name, message, problem }: PlainError): Error {
  switch (name) {
    case 'FeedError':
      return new FeedError(problem as FeedProblem);
    case 'SessionError':
      return new SessionError(problem as SessionProblem);
    case 'TrainingError':
      return new TrainingError(problem as TrainingProblem);
    case 'HostError':
      return new HostError(message);
    case 'RangeError':
      return new RangeError(message);
    case 'TypeError':
      return new TypeError(message);
    default: {
      const error = new Error(message);
      error.name = name;
      return error;
    }
  }
}
