import type { StateStart } from '../2-check/values/values.js';
import type { InitialState } from '../api/signature.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { computedBlocks } from './weights/init/computed.js';
import { coreResult } from './weights/init/core-nodes.js';

/** Throws `ComputationError` for a computation that has no result. */
export function initialState(start: StateStart): InitialState {
  switch (start.kind) {
    case 'empty':
      return { kind: 'empty' };
    case 'stored':
      return { kind: 'stored' };
    case 'zeros':
      return { kind: 'fill', value: 0 };
    case 'ones':
      return { kind: 'fill', value: 1 };
    case 'constant':
      return { kind: 'fill', value: start.value };
    case 'computed': {
      const { shape } = coreResult(start.program);
      return { kind: 'values', shape, values: [...computedBlocks(start.program, shape)].flatMap((block) => [...block]) };
    }
    default:
      throw new InternalError(`a state starts with ${start.kind}`);
  }
}
