import { describe, expect, test } from 'vitest';
import { check } from '../../src/check.js';
import { compile } from '../../src/compile.js';
import { createMemoryHost } from '../../src/memory-host.js';

const main = 'import { Twice } from "./lib.arch"\nmodel M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> Twice }\n';
const twice = 'layer Twice(x: Tensor[*S]) -> Tensor[*S] { return x * 2 }\n';
const broken = 'layer Broken(x: Tensor[N, D]) -> Tensor[N, D] { return x -> fc: Linear(3) }\n';

const host = (lib: string, text = main) => createMemoryHost({ 'main.arch': text, 'lib.arch': lib, 'more.arch': broken });
const found = (lib: string, text?: string) =>
  check('main.arch', host(lib, text)).diagnostics.map(({ code, span }) => `${code} in ${span.file}`);

describe('a check reports the mistakes of files that are imported', () => {
  test('also in declarations that nothing uses', () => {
    expect(found(twice + broken)).toEqual(['result-mismatch in lib.arch']);
    expect(found(`import { Broken } from "./more.arch"\n${twice}`)).toEqual(['result-mismatch in more.arch']);
  });

  test('and still checks the models', () => {
    const model = 'model M(n = 8)(x: Tensor[N, 4]) -> (y: Tensor[N, n]) where n < 8 { return x -> Twice -> Linear(n) }\n';
    const text = `import { Twice } from "./lib.arch"\n${model}`;
    expect(found(twice + broken, text)).toEqual(['result-mismatch in lib.arch', 'unmet-fact in main.arch']);
  });

  test('but does not warn of what is unused in them', () => {
    expect(found(`${twice}let unused = 1\n`)).toEqual([]);
  });

  test('and a model that does not use them is built', () => {
    expect(compile('main.arch', host(twice + broken)).model).toBeDefined();
  });
});
