/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Kernel } from '../../../src/ops/capabilities/kernel-table.js';
import { OrtRunner } from '../ort-runner.js';
import { webgpu } from '../webgpu.js';
import type { Emitted } from './emitted.js';
import { emittedByLibrary } from './of-library.js';
import { emittedByOperators } from './of-operators.js';
import { emittedByTrainings } from './of-trainings.js';
import { probe } from './probe.js';
import { tableOf, textOf } from './table.js';

/** The version of ONNX Runtime that is installed. */
export function installedVersion(): string {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Every form that archc writes, as far as it is known. */
function emittedForms(): Emitted {
  const forTargets = (['cpu', 'webgpu'] as const).flatMap((target) => [...emittedByTrainings(target), ...emittedByLibrary(target)]);
  return new Map([...emittedByOperators(), ...forTargets]);
}

/** Probes every form that archc writes on every provider; the text of the table. `answers` are those of probes before, and get those of this one. */
export async function writtenTable(answers: Map<string, Kernel> = new Map()): Promise<string> {
  if (!webgpu) throw new Error('the probe needs WebGPU: CONTRIBUTING.md says how it is found');
  const ort = new OrtRunner();
  try {
    const table = await tableOf(emittedForms(), async (form, provider, opset) => {
      const key = [provider, opset, form.opType, ...form.form].join(' ');
      const answer = answers.get(key) ?? (await probe(ort, form, provider, opset));
      answers.set(key, answer);
      return answer;
    });
    return textOf(table, installedVersion());
  } finally {
    ort.close();
  }
}
