import type { Platform } from '../platform.js';
import type { ModelReply, ModelRequest } from './model-protocol.js';
import type { Port, Reply, Request } from './protocol.js';

/** Answers the requests of a program in a worker: for a model or for a training, whatever the first one loads. Only the code for that is loaded. */
export function serve(platform: Platform, port: Port<Reply | ModelReply, Request | ModelRequest>): void {
  let serving: Promise<(request: Request | ModelRequest) => void> | undefined;

  const begin = async (kind: string): Promise<(request: Request | ModelRequest) => void> => {
    let deliver: (request: never) => void = () => {};
    const own = {
      post: port.post,
      close: port.close,
      onMessage: (listener: (request: never) => void) => {
        deliver = listener;
      },
    };
    if (kind === 'loadModel') (await import('./serve-model.js')).serveModel(platform, own);
    else (await import('./serve.js')).serveTrainer(platform, own);
    return (request) => deliver(request as never);
  };
  port.onMessage(async (request) => {
    serving ??= begin(request.kind);
    (await serving)(request);
  });
}
