import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { literal } from '../../src/module/literal.js';
import { keyOf, localName } from '../../src/module/names.js';
import { rendered } from '../kit/source.js';
import { modules } from './written-modules.js';

function textsOf(name: string): Readonly<Record<string, string>> {
  const [source, options] = modules[name] ?? expect.fail();
  const result = build(`${name}.arch`, createMemoryHost({ [`${name}.arch`]: source }), { ...options, emit: ['onnx', 'js', 'dts'] });
  const { artifacts = expect.fail(rendered(result)) } = result;
  const texts = artifacts.filter((artifact) => artifact.name.includes('.arch.'));
  return Object.fromEntries(texts.map((artifact) => [artifact.name, new TextDecoder().decode(artifact.bytes)]));
}

describe.each(Object.keys(modules))('the module of %s', (name) => {
  const texts = textsOf(name);

  test('has two files', () => {
    expect(Object.keys(texts)).toEqual([`${name}.arch.js`, `${name}.arch.d.ts`]);
  });

  test.each(Object.entries(texts))('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `goldens/${file}.txt`));
  });
});

describe('what is emitted', () => {
  const host = createMemoryHost({ 'lenet.arch': modules.lenet?.[0] ?? '' });
  const names = (emit: readonly ('onnx' | 'js' | 'dts')[]) => build('lenet.arch', host, { emit }).artifacts?.map(({ name }) => name);

  test('is the model alone by default', () => {
    expect(build('lenet.arch', host).artifacts?.map(({ name }) => name)).toEqual(['lenet.onnx']);
  });

  test('may be the declarations alone, which need no weights', () => {
    expect(names(['dts'])).toEqual(['lenet.arch.d.ts']);
    expect(build('lenet.arch', host, { emit: ['dts'] }).bytes).toBeUndefined();
    expect(build('lenet.arch', host, { emit: ['onnx', 'dts'] }).bytes?.length).toBeGreaterThan(1000);
  });

  test('is refused where it cannot be made', () => {
    expect(() => names(['js'])).toThrow('`js` also needs `onnx`: the module loads the files');
    expect(() => names(['ts' as 'js'])).toThrow('archc emits onnx, js, dts, not "ts"');
  });
});

test('names that mean something else are renamed inside the file', () => {
  expect(['LeNet', 'class', 'string', 'Model', 'URL', '9', 'a-b', 'größe'].map((name) => localName(name))).toEqual([
    'LeNet',
    'class_',
    'string_',
    'Model_',
    'URL_',
    '_9_',
    'a_b_',
    'gr__e_',
  ]);
  expect(['x', 'past.0.key', 'new', "it's", 'a"b\\'].map(keyOf)).toEqual(['x', "'past.0.key'", "'new'", "'it\\'s'", "'a\"b\\\\'"]);
});

test('plain data are written as JavaScript that means the same', () => {
  const odd = JSON.parse('{ "__proto__": { "x": null } }') as object;
  const data = { a: [-0, Infinity, -Infinity, NaN, 1e-7], 'b c': '\'"\\\n\u2028', odd, long: 'x'.repeat(130), d: true };
  const read = new Function(`return ${literal({ ...data, none: undefined })}`)() as typeof data;
  expect(read).toEqual(data);
  expect(Object.keys(read.odd)).toEqual(['__proto__']);
});
