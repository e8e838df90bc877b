/** The worker of a model or trainer in a browser. */
import { browserPlatform } from './runtime/browser-platform.js';
import type { ModelRequest } from './runtime/worker/model-protocol.js';
import type { Request } from './runtime/worker/protocol.js';
import { serve } from './runtime/worker/serve-any.js';

/** What is used of a worker's global scope. */
interface Scope {
  postMessage(message: unknown, moved: readonly ArrayBuffer[]): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request | ModelRequest }) => void): void;
}

const scope = globalThis as unknown as Scope;

serve(browserPlatform, {
  post: (message, moved = []) => scope.postMessage(message, moved),
  onMessage: (listener) => scope.addEventListener('message', ({ data }) => listener(data)),
  close: () => scope.close(),
});
