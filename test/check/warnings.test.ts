/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/check.js';
import { fixFiles } from '../../src/cli/fixing.js';
import { compile } from '../../src/compile.js';
import { Dim } from '../../src/dims/dim.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { rendered } from '../kit/source.js';

const root = resolve(import.meta.dirname, '../..');

/** Every file of the library and of the examples, by its path. */
const files = ['stdlib', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.arch'))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const texts = Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));

test.each(files.map((file) => file.slice(root.length + 1)))('%s gives no warning', (file) => {
  const result = check(join(root, file), createMemoryHost(texts));
  expect(result.diagnostics, rendered(result)).toEqual([]);
});

const folder = join(import.meta.dirname, 'programs');

/** The files of each program that has one, and builds without settings. */
const programs = readdirSync(folder).flatMap((name) =>
  readFileSync(join(folder, name), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .filter((block) => /^[^{\n]*\n>>> \w+: /.test(block))
    .map((block) => {
      const [title = '', , ...lines] = block.split('\n');
      const [main = '', ...others] = lines.join('\n').split(/^--- (.*)\n/m);
      const sources: Record<string, string> = { 'main.arch': main };
      for (let i = 0; i < others.length; i += 2) sources[others[i] ?? ''] = others[i + 1] ?? '';
      return [`${name}: ${title}`, sources] as const;
    }),
);

describe('safe fixes', () => {
  /** What a model computes and owns, apart from where that was written. */
  const modelOf = (sources: Readonly<Record<string, string>>): string => {
    const { model, diagnostics } = compile('main.arch', createMemoryHost(sources));
    if (model === undefined) return diagnostics.map(({ code }) => code).join(' ');
    const graphs = model.entries.map(({ onnx: { inputs, outputs, nodes, parameters } }) => ({ inputs, outputs, nodes, parameters }));
    return JSON.stringify(graphs, (key, value) => {
      if (key === 'span' || key === 'use') return undefined;
      return value instanceof Dim || typeof value === 'bigint' ? String(value) : value;
    });
  };

  test.each(programs)('of %s change neither the model nor a name', (_, sources) => {
    const host = createMemoryHost(sources);
    const fixed = fixFiles(Object.keys(sources), host, (through) => check('main.arch', through));
    const after = { ...sources, ...Object.fromEntries(fixed.texts) };
    expect(fixed.findings.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(modelOf(after)).toBe(modelOf(sources));
    const again = fixFiles(Object.keys(after), createMemoryHost(after), (through) => check('main.arch', through));
    expect(again.applied).toEqual([]);
  });
});

describe('a function that only a file of settings names is used', () => {
  const text = `fn mine(x: Tensor[*A]) -> (y: Tensor[*A]) { return relu(x) }
model M(act: fn = silu from "hidden_act")(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return act(x) }
`;
  const host = createMemoryHost({ 'm.arch': text });

  test.each([
    ['config', { config: '{ "hidden_act": "mine" }', configFile: 'config.json' }],
    ['config as an object', { config: { hidden_act: 'mine' } }],
    ['setFrom', { setFrom: '{ "act": "mine" }' }],
    ['set', { set: { act: 'mine' } }],
  ])('%s', (_, settings) => {
    expect(check('m.arch', host).diagnostics.map(({ code }) => code)).toEqual(['unused-declaration']);
    expect(check('m.arch', host, settings).diagnostics).toEqual([]);
  });
});
