import { kernelOf } from '../../../src/ops/capabilities/capability.js';
import { type Kernel, type Provider, providers } from '../../../src/ops/capabilities/kernel-table.js';
import { operatorName } from '../../../src/ops/onnx-schema.js';
import { hasChromium } from '../chromium.js';
import { BrowserRunner } from '../ort-browser.js';
import { type ModelRunner, OrtRunner } from '../ort-runner.js';
import { webgpu } from '../webgpu.js';
import { candidates } from './candidates.js';
import { type Emitted, type EmittedForm, keyOf } from './emitted.js';
import { installedVersion } from './installed-version.js';
import { emittedByLibrary } from './of-library.js';
import { emittedByDTypes, emittedByOperators } from './of-operators.js';
import { emittedByQuantized } from './of-quantized.js';
import { emittedByTrainings } from './of-trainings.js';
import { probe } from './probe.js';
import { filesOf, opsetsOf, tableOf } from './table.js';
import { computedTogether } from './verify.js';

/** Every form that archc is known to write, and the forms that it asks about. */
function emittedForms(): Emitted {
  const forTargets = (['cpu', 'webgpu'] as const).flatMap((target) => [...emittedByTrainings(target), ...emittedByLibrary(target)]);
  return new Map([...candidates(), ...emittedByOperators(), ...emittedByDTypes(), ...emittedByQuantized(), ...forTargets]);
}

/** Probes every form that archc writes on every provider. Returns the files of the table, by their names. `answers` holds the answers of earlier probes, and receives those of this one. If the current table is trusted, only forms that it lacks are probed. */
export async function writtenTable(answers: Map<string, Kernel> = new Map(), isTrusted = false): Promise<ReadonlyMap<string, string>> {
  if (!webgpu || !hasChromium) throw new Error('the probe needs Chromium and WebGPU: CONTRIBUTING.md says how they are found');
  const runners: Readonly<Record<Provider, ModelRunner>> = { cpu: new OrtRunner(), webgpu: new OrtRunner(), wasm: new BrowserRunner() };
  const keyFor = (form: EmittedForm, provider: Provider, opset: number) => [provider, opset, keyOf(form)].join(' ');
  const trust = (form: EmittedForm, provider: Provider, opset: number): void => {
    const said = kernelOf(operatorName(form), form.form, provider, opset);
    const key = keyFor(form, provider, opset);
    if (said !== undefined && !answers.has(key)) answers.set(key, said);
  };
  try {
    const emitted = emittedForms();
    const all = [...emitted.values()].flatMap((form) => opsetsOf(form).map((opset) => ({ form, opset })));
    if (isTrusted) for (const { form, opset } of all) for (const provider of providers) trust(form, provider, opset);
    const answerTogether = async (provider: Provider): Promise<void> => {
      const likely = all.filter(
        ({ form, opset }) =>
          kernelOf(operatorName(form), form.form, provider, opset) === 'kernel' && !answers.has(keyFor(form, provider, opset)),
      );
      for (const { form, opset } of await computedTogether(runners[provider], provider, likely))
        answers.set(keyFor(form, provider, opset), 'kernel');
    };
    await Promise.all(providers.map(answerTogether));
    const table = await tableOf(emitted, async (form, provider, opset) => {
      const key = keyFor(form, provider, opset);
      const answer = answers.get(key) ?? (await probe(runners[provider], form, provider, opset));
      answers.set(key, answer);
      return answer;
    });
    return filesOf(table, installedVersion());
  } finally {
    for (const runner of Object.values(runners)) await runner.close();
  }
}
