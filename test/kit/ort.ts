import { afterAll } from 'vitest';
import { OrtRunner } from './ort-runner.js';

export {
  type ModelRunner,
  type OrtModel,
  type OrtOptions,
  OrtRunner,
  type Provider,
  type Series,
  type SeriesResult,
} from './ort-runner.js';

/**
 * ONNX Runtime in a child process that lives as long as the test file. If ONNX Runtime takes the process down, the call
 * that did it is rejected with "crashed", and the next call gets a new process. Calls run one at a time.
 */
export function useOrt(): OrtRunner {
  const runner = new OrtRunner();
  afterAll(() => runner.close());
  return runner;
}
