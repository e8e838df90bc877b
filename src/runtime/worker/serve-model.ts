import type { LoadProgress } from '../../api/model-options.js';
import type { Model, Tensor } from '../../api/runtime.js';
import { loadModel } from '../model/model.js';
import type { Platform } from '../platform.js';
import type { ModelReply, ModelRequest, ModelResults } from './model-protocol.js';
import { plainError } from './plain-error.js';
import type { Port } from './protocol.js';

/** Answers the requests of a program for one model and its forks, in a worker. */
export function serveModel(platform: Platform, port: Port<ModelReply, ModelRequest>): void {
  const models = new Map<number, Model>();

  const numbered = (number: number): Model => {
    const found = models.get(number);
    if (found === undefined) throw new Error('the model is not loaded');
    return found;
  };
  const answer = async (request: ModelRequest): Promise<ModelResults[ModelRequest['kind']]> => {
    switch (request.kind) {
      case 'loadModel': {
        const { files, manifest, options, tells } = request;
        const tell = tells ? (progress: LoadProgress) => port.post({ progress }) : undefined;
        const model = await loadModel(platform, files, manifest, { ...options, onProgress: tell });
        models.set(0, model);
        return { provider: model.provider, fallback: model.fallback };
      }
      case 'call':
        return numbered(request.model).call(request.entry, request.inputs, { resize: request.resize });
      case 'states':
        return numbered(request.model).states();
      case 'fork':
        models.set(request.fork, await numbered(request.model).fork());
        return undefined;
      case 'reset':
        await numbered(request.model).reset(request.states);
        return undefined;
      case 'warmUp':
        await numbered(request.model).warmUp(request.sizes);
        return undefined;
      case 'dispose':
        await models.get(request.model)?.dispose();
        models.delete(request.model);
        return models.size;
    }
  };

  port.onMessage(async (request) => {
    try {
      const result = await answer(request);
      send(port, { result }, request.kind === 'call' ? buffersOf(result as ModelResults['call']) : []);
    } catch (error) {
      port.post({ error: plainError(error) });
    }
    if (request.kind === 'dispose' && models.size === 0) await port.close();
  });
}

/** The memory of outputs, which nobody needs in the worker. States have their own. */
function buffersOf(outputs: Readonly<Record<string, Tensor>>): readonly ArrayBuffer[] {
  const whole = Object.values(outputs).filter(
    ({ data }) => data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer,
  );
  return [...new Set(whole.map(({ data }) => data.buffer as ArrayBuffer))];
}

function send(port: Port<ModelReply, ModelRequest>, reply: ModelReply, buffers: readonly ArrayBuffer[]): void {
  try {
    port.post(reply, buffers);
  } catch (error) {
    // Memory that belongs to native code cannot move.
    if (buffers.length === 0) throw error;
    port.post(reply);
  }
}
