import type { Platform } from '../platform.js';
import { type Counters, noSteps } from '../trainer/counters.js';
import { loadTrainer } from '../trainer/load-trainer.js';
import type { RunningTrainer } from '../trainer/trainer.js';
import { plainError } from './plain-error.js';
import type { Port, Reply, Request, Results } from './protocol.js';

/** Answers the requests of a program for one trainer, in a worker. */
export function serveTrainer(platform: Platform, port: Port<Reply, Request>): void {
  let trainer: RunningTrainer | undefined;

  const loaded = (): RunningTrainer => {
    if (trainer === undefined) throw new Error('the training is not loaded');
    return trainer;
  };
  const answer = async (request: Request): Promise<Results[Request['kind']]> => {
    switch (request.kind) {
      case 'load':
        trainer = await loadTrainer(platform, request.files, request.manifest, request.options);
        return {
          manifest: trainer.manifest,
          provider: trainer.provider,
          fallback: trainer.fallback,
          skippedWeights: trainer.skippedWeights,
        };
      case 'step':
        return loaded().stepAt(request.lr, request.batch, { resize: request.resize });
      case 'evaluate':
        return loaded().results(request.batch, { ema: request.ema, resize: request.resize });
      case 'save':
        return request.target === undefined
          ? loaded().save()
          : loaded()
              .save(request.target)
              .then(() => undefined);
      case 'restore':
        return loaded().restore(request.source);
      case 'saveAdapters':
        return request.folder === undefined
          ? loaded().saveAdapters()
          : loaded()
              .saveAdapters(request.folder)
              .then(() => undefined);
      case 'restoreAdapters':
        return loaded().restoreAdapters(request.files);
      case 'exportModel':
        return loaded().exportModel(request.options);
      case 'exportWeights':
        return loaded().exportWeights(request.options);
      case 'dispose':
        await trainer?.dispose();
        return undefined;
    }
  };

  port.onMessage(async (request) => {
    const counters = (): Counters => trainer?.counters ?? noSteps;
    try {
      const result = await answer(request);
      port.post({ result, counters: counters() });
    } catch (error) {
      port.post({ error: plainError(error), counters: counters() });
    }
    if (request.kind === 'dispose') await port.close();
  });
}
