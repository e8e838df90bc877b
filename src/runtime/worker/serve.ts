import type { Platform } from '../platform.js';
import { loadTrainer, type RunningTrainer } from '../trainer/trainer.js';
import { plainError } from './plain-error.js';
import type { Call, Port, Reply, Request, Results } from './protocol.js';

/** Answers the requests of a program for one trainer, in a worker. */
export function serveTrainer(platform: Platform, port: Port<Reply, Call>): void {
  const waiting = new Map<number, AbortController>();
  let trainer: RunningTrainer | undefined;

  const loaded = (): RunningTrainer => {
    if (trainer === undefined) throw new Error('the training is not loaded');
    return trainer;
  };
  const answer = async (request: Request, signal: AbortSignal): Promise<Results[Request['kind']]> => {
    switch (request.kind) {
      case 'load':
        trainer = await loadTrainer(platform, request.files, request.manifest, request.options);
        return { manifest: trainer.manifest, provider: trainer.provider };
      case 'step':
        return loaded().stepAt(request.lr, request.batch, { signal });
      case 'evaluate':
        return loaded().results(request.batch, { signal });
      case 'save':
        return request.target === undefined
          ? loaded().save()
          : loaded()
              .save(request.target)
              .then(() => undefined);
      case 'restore':
        return loaded().restore(request.source);
      case 'export':
        return loaded().exportModel({ ema: request.ema });
      case 'dispose':
        await trainer?.dispose();
        return undefined;
    }
  };

  port.onMessage(async (call) => {
    if ('cancel' in call) {
      waiting.get(call.cancel)?.abort();
      return;
    }
    const { id, request } = call;
    const controller = new AbortController();
    waiting.set(id, controller);
    try {
      const result = await answer(request, controller.signal);
      port.post({ id, result, stepCount: trainer?.stepCount ?? 0 });
    } catch (error) {
      port.post({ id, error: plainError(error), stepCount: trainer?.stepCount ?? 0 });
    } finally {
      waiting.delete(id);
    }
    if (request.kind === 'dispose') await port.close();
  });
}
