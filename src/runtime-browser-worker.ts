/** The worker of a trainer in a browser. */
import { browserPlatform } from './runtime/browser-platform.js';
import type { Request } from './runtime/worker/protocol.js';
import { serveTrainer } from './runtime/worker/serve.js';

/** What is used of a worker's global scope. */
interface Scope {
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
}

const scope = globalThis as unknown as Scope;

serveTrainer(browserPlatform, {
  post: (message) => scope.postMessage(message),
  onMessage: (listener) => scope.addEventListener('message', ({ data }) => listener(data)),
  close: () => scope.close(),
});
