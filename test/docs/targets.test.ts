/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { CallForm } from '../../src/ops/capabilities/call-form.js';
import { dataTraits } from '../../src/ops/capabilities/data-traits.js';
import { type Provider, providers } from '../../src/ops/capabilities/kernel-table.js';
import { kernels } from '../../src/ops/capabilities/probed-kernels.js';
import { unpromised } from '../../src/ops/capabilities/unpromised.js';
import { compileText, rendered } from '../kit/source.js';
import { kernelSection } from './kernel-section.js';
import { knownWrong, knownWrongSection } from './known-wrong.js';

const path = resolve(import.meta.dirname, '../../docs/targets.md');
const titles: Readonly<Record<Provider, string>> = { cpu: 'CPU', webgpu: 'WebGPU', wasm: 'WebAssembly' };

test('docs/targets.md lists the kernels of src/ops/capabilities', async () => {
  const sections: Readonly<Record<string, string>> = {
    wrong: knownWrongSection(titles),
    unpromised: unpromised.map(({ opType, trait, source }) => `- \`${opType}\`, ${dataTraits[trait]}: ${source}.`).join('\n'),
    traits: Object.entries(dataTraits)
      .map(([trait, what]) => `- \`${trait}\`: ${what}`)
      .join('\n'),
    kernels: kernelSection(),
  };
  let page = readFileSync(path, 'utf8');
  for (const [name, text] of Object.entries(sections)) {
    const parts = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    expect(page, name).toMatch(parts);
    page = page.replace(parts, (_, begin: string, end: string) => `${begin}${text}\n${end}`);
  }
  await expect(page).toMatchFileSnapshot(path);
});

test('every wrong kernel in the table is known, and every known one is in the table', () => {
  const inTable = Object.entries(kernels).flatMap(([operator, groups]) =>
    groups.flatMap((group) =>
      providers.flatMap((provider) => (group[provider] === 'wrong' ? group.forms.map((form) => ({ operator, provider, form })) : [])),
    ),
  );
  const explains = (known: (typeof knownWrong)[number], wrong: { operator: string; provider: Provider; form: CallForm }) =>
    known.operator === wrong.operator &&
    known.providers.includes(wrong.provider) &&
    (known.trait === undefined || wrong.form.includes(known.trait));
  const unexplained = inTable.filter((wrong) => !knownWrong.some((known) => explains(known, wrong)));
  expect(unexplained.map(({ operator, provider, form }) => `${operator} ${form.join(' ')} on ${provider}`)).toEqual([]);
  for (const known of knownWrong)
    for (const provider of known.providers)
      expect(
        inTable.some((wrong) => wrong.provider === provider && explains(known, wrong)),
        `${known.operator} on ${provider}`,
      ).toBe(true);
});

test.each([...new Set(knownWrong.map(({ test }) => test))])('the test %s exists', (name) => {
  expect(existsSync(resolve(import.meta.dirname, `../${name}.test.ts`))).toBe(true);
});

test('the models of docs/targets.md leave nothing to the CPU', () => {
  const models = [...readFileSync(path, 'utf8').matchAll(/^```arch\n([\s\S]*?)^```$/gm)].map(([, source = '']) => source);
  expect(models.length).toBeGreaterThan(0);
  for (const source of models) {
    const result = compileText(source, { target: 'webgpu' });
    expect(result.diagnostics, rendered(result)).toEqual([]);
  }
});
