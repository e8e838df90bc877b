/** Calls of functions in a worker, as messages. */

interface Call {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly event: string; readonly value: unknown };

/** What is used of a worker's global scope. */
interface Scope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const scope = globalThis as unknown as Scope;

/** Answers calls in a worker with these functions. */
export function answer(functions: Readonly<Record<string, (value: never) => unknown>>): void {
  scope.addEventListener('message', async ({ data }: MessageEvent<Call>) => {
    try {
      const run = functions[data.name];
      if (run === undefined) throw new Error(`the worker has no function ${data.name}`);
      scope.postMessage({ id: data.id, result: await run(data.value as never) });
    } catch (error) {
      scope.postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** Tells the page something that it has not asked for. */
export function report(event: string, value: unknown): void {
  scope.postMessage({ event, value });
}

/** A worker whose functions a page calls. It is started by the first call. */
export class Remote {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Map<string, (value: never) => void>();
  #worker: Worker | undefined;
  #calls = 0;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Calls a function of the worker. Rejects with its error, and when the worker is stopped. */
  call<Result>(name: string, value: unknown): Promise<Result> {
    this.#worker ??= this.#started();
    const id = this.#calls++;
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Result), reject });
      worker.postMessage({ id, name, value } satisfies Call);
    });
  }

  /** Calls a function with what the worker reports. */
  on<Value>(event: string, listener: (value: Value) => void): void {
    this.#listeners.set(event, listener as (value: never) => void);
  }

  /** Ends the worker, whatever it does; the next call starts another one. */
  stop(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(reason));
  }

  #started(): Worker {
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if ('event' in data) this.#listeners.get(data.event)?.(data.value as never);
      else {
        const waiting = this.#waiting.get(data.id);
        this.#waiting.delete(data.id);
        if ('error' in data) waiting?.reject(new Error(data.error));
        else waiting?.resolve(data.result);
      }
    });
    worker.addEventListener('error', ({ message }) => this.stop(message || 'the script of the worker cannot be loaded'));
    return worker;
  }
}
