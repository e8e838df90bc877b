import { describe, expect, test } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { ndArray } from '../../src/ops/nd/array.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { differenceEach } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { webgpu } from '../kit/webgpu.js';
import { torchValues, type Values } from './torch-values.js';

/**
 * Programs whose result is PyTorch's, element by element: for every target on the CPU, on WebGPU, and with open as well as with known sizes.
 */
const ort = useOrt();

describe.each(torchValues.map((row) => ({ ...row, name: `${row.title}: ${row.source}` })))('$name', (row) => {
  const feeds = Object.fromEntries(Object.entries(row.inputs).map(([name, values]) => [name, arrayOf(values)]));
  const { bind = {} } = row;

  const run = async (provider: 'cpu' | 'webgpu', options: CompileOptions) => {
    const outputs = await ort.run(builtModel(row.source, options).bytes, feeds, { provider });
    for (const [name, values] of Object.entries(row.wanted)) {
      const got = outputs[name];
      const own = provider === 'webgpu' && typeof row.onWebGpu === 'number' ? row.onWebGpu : row.relative;
      const tolerance = own ?? 1e-6;
      const wrong = got === undefined ? 'no output' : differenceEach(got, arrayOf(values), tolerance);
      if (wrong !== undefined) expect.fail(`${name}, ${provider}, ${JSON.stringify(options)}: ${wrong}`);
    }
  };

  test('on the CPU', async () => {
    for (const target of ['portable', 'cpu', 'webgpu'] as const) {
      await run('cpu', { target });
      if (Object.keys(bind).length > 0) await run('cpu', { target, bind });
    }
  });

  if (row.onWebGpu !== 'none') test.runIf(webgpu)('on WebGPU', () => run('webgpu', { target: 'webgpu' }));
});

function arrayOf([dtype, data, shape = [data.length]]: Values): NdArray {
  return ndArray(dtype as DType, shape, Float64Array.from(data, dtype === 'f32' ? Math.fround : Number));
}
