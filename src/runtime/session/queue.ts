import type { Signal } from '../../api/runtime.js';

/** Does asynchronous jobs one at a time, in the order of their arrival. A failed job does not stop the others. */
export class Queue {
  readonly #waiting: (() => Promise<void>)[] = [];
  #isBusy = false;

  /** How many jobs have not begun. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Does `job` once all jobs before it have ended. A signal takes it out of the queue as long as it waits, and the promise is then rejected with the reason of the signal; a job
   * that has begun is not interrupted. A job must not wait for another job of the same queue.
   */
  run<T>(job: () => Promise<T> | T, signal?: Signal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const start = async () => {
        signal?.removeEventListener('abort', leave);
        try {
          resolve(await job());
        } catch (error) {
          reject(error);
        }
      };
      const leave = () => {
        signal?.removeEventListener('abort', leave);
        const at = this.#waiting.indexOf(start);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave);
      this.#waiting.push(start);
      if (!this.#isBusy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) await next();
    this.#isBusy = false;
  }
}

const key = Symbol.for('archc.onnxruntime.queue');

/**
 * The queue of all calls of ONNX Runtime in this page, worker or process, also of other copies of this module: calls that overlap on WebGPU hang the page or corrupt ONNX
 * Runtime (measured with 1.30).
 */
export function sharedQueue(): Queue {
  const holder = globalThis as { [key]?: Queue };
  holder[key] ??= new Queue();
  return holder[key];
}
