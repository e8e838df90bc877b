import type { CallOptions } from '../../api/runtime.js';
import { Queue } from '../session/queue.js';
import { SessionError } from '../session/session-error.js';
import { revivedError } from './plain-error.js';
import type { PlainError, WorkerPort } from './protocol.js';

/** What a worker answers: a result or an error, with whatever else it tells. */
export type Answer = { readonly result: unknown } | { readonly error: PlainError };

/** Asks a worker for one thing after the other, so that whatever waits can be taken back. */
export class Line<Asked, Told extends object> {
  /** Called with each message of the worker. */
  onTold: (told: Told) => void = () => {};
  readonly #port: WorkerPort<Asked, Told>;
  readonly #queue = new Queue();
  #waiting: { readonly resolve: (result: unknown) => void; readonly reject: (error: unknown) => void } | undefined;
  #end: SessionError | undefined;

  constructor(port: WorkerPort<Asked, Told>) {
    this.#port = port;
    port.onMessage((told) => {
      this.onTold(told);
      if ('error' in told) this.#waiting?.reject(revivedError(told.error as PlainError));
      else if ('result' in told) this.#waiting?.resolve(told.result);
    });
    port.onEnd((reason) => {
      this.#end = new SessionError({ kind: 'failed', what: 'continue, because its worker has ended', reason });
      this.#waiting?.reject(this.#end);
    });
  }

  ask(request: Asked, signal?: CallOptions['signal']): Promise<unknown> {
    return this.#queue.run(() => this.#askNow(request), signal);
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  async #askNow(request: Asked): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    this.#port.setAwaited(true);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#port.post(request);
      });
    } finally {
      this.#waiting = undefined;
      this.#port.setAwaited(false);
    }
  }
}
