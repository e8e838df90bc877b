import { describe, expect, test } from 'vitest';
import { kernelOf } from '../../src/ops/capabilities/capability.js';
import type { Provider } from '../../src/ops/capabilities/kernel-table.js';
import { kernels, probedVersion } from '../../src/ops/capabilities/kernels.generated.js';
import { type Operator, operatorName, operatorNamed } from '../../src/ops/onnx-schema.js';
import { opsets } from '../../src/ops/opsets.js';
import { type Emitted, type EmittedForm, keyOf } from '../kit/capabilities/emitted.js';
import { emittedByLibrary } from '../kit/capabilities/of-library.js';
import { emittedByOperators } from '../kit/capabilities/of-operators.js';
import { emittedByTrainings } from '../kit/capabilities/of-trainings.js';
import { computesAll, probe } from '../kit/capabilities/probe.js';
import { opsetsOf } from '../kit/capabilities/table.js';
import { installedVersion } from '../kit/capabilities/write-table.js';
import { useOrt } from '../kit/ort.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const again = 'node scripts/probe-capabilities.mjs writes the table again';

test('the table is about the ONNX Runtime that is installed', () => {
  expect(probedVersion, again).toBe(installedVersion());
});

test('the CPU does what the table says, in every opset', { timeout: 180_000 }, async () => {
  expect(await differences('cpu', opsetsOf), again).toEqual([]);
});

test.runIf(webgpu)('WebGPU does what the table says, in the first opset for which it says it', { timeout: 180_000 }, async () => {
  const firsts = (operator: Operator) => {
    const changes = (kernels[operatorName(operator)] ?? []).flatMap(({ since }) => since ?? []);
    return [...new Set([...opsetsOf(operator).slice(0, 1), ...changes])];
  };
  expect(await differences('webgpu', firsts), again).toEqual([]);
});

/** Where a provider does something else than the table says. What it is said to compute is tried together, and one by one only if that fails. */
async function differences(provider: Provider, opsetsFor: (operator: Operator) => readonly number[]): Promise<readonly string[]> {
  const found: string[] = [];
  const all = Object.entries(kernels).flatMap(([name, groups]) =>
    groups.flatMap(({ since, forms }) => (since === undefined ? forms.map((form) => ({ ...operatorNamed(name), form })) : [])),
  );
  for (let opset: number = opsets.min; opset <= opsets.max; opset++) {
    const asked = all.filter((one) => opsetsFor(one).includes(opset));
    const said = (one: EmittedForm) => kernelOf(operatorName(one), one.form, provider, opset);
    const isTogether = (one: EmittedForm) =>
      said(one) === 'kernel' && one.form.length > 0 && !(provider === 'webgpu' && one.form.includes('f16'));
    const alone = asked.filter((one) => !isTogether(one));
    for (const group of inGroups(asked.filter(isTogether), 24)) if (!(await computesAll(ort, group, provider, opset))) alone.push(...group);
    for (const one of alone) {
      const got = await probe(ort, one, provider, opset);
      if (got !== said(one)) found.push(`${keyOf(one)} at opset ${opset}: ${got}, not ${said(one)}`);
    }
  }
  return found;
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

describe.each(['cpu', 'webgpu'] as const)('training graphs and layers of the library for %s', (target) => {
  const emitted = () => new Map([...emittedByTrainings(target), ...emittedByLibrary(target)]);

  test('have only forms that were probed, none of which the kernel computes wrongly or in f64', () => {
    const forms = emitted();
    expect(unknown(forms), again).toEqual([]);
    const wrong = [...forms].filter(([, one]) => kernelOf(operatorName(one), one.form, target) === 'wrong' || one.form.includes('f64'));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

test('every form that an operator becomes was probed', () => {
  expect(unknown(emittedByOperators()), again).toEqual([]);
});

function unknown(emitted: Emitted): readonly string[] {
  return [...emitted].filter(([, one]) => kernelOf(operatorName(one), one.form, 'cpu', opsets.max) === undefined).map(([key]) => key);
}
