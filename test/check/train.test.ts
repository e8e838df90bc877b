import { describe, expect, it } from 'vitest';
import { matcherOf } from '../../src/name-patterns.js';
import { checkText, complaints } from '../kit/source.js';

describe('a pattern of weights', () => {
  const names = [
    'bn1.weight',
    'conv1.weight',
    'conv10.weight',
    'encoder.0.fc.bias',
    'encoder.1.norm2.weight',
    'encoder.10.bn1.bias',
    '0.weight',
  ];

  it.each([
    ['*', names],
    ['conv1', ['conv1.weight']],
    ['conv1*', ['conv1.weight', 'conv10.weight']],
    ['conv', []],
    ['conv1.weight', ['conv1.weight']],
    ['*.weight', ['bn1.weight', 'conv1.weight', 'conv10.weight', 'encoder.1.norm2.weight', '0.weight']],
    ['*.bn*', ['bn1.weight', 'encoder.10.bn1.bias']],
    ['*.norm*.weight', ['encoder.1.norm2.weight']],
    ['encoder', ['encoder.0.fc.bias', 'encoder.1.norm2.weight', 'encoder.10.bn1.bias']],
    ['encoder[1]', ['encoder.1.norm2.weight']],
    ['encoder.1', ['encoder.1.norm2.weight']],
    ['encoder[0..2]', ['encoder.0.fc.bias', 'encoder.1.norm2.weight']],
    ['encoder[2..11].bn1', ['encoder.10.bn1.bias']],
    ['encoder[*].*.bias', ['encoder.0.fc.bias', 'encoder.10.bn1.bias']],
    ['*[0..1]', ['encoder.0.fc.bias']],
    ['[0]', ['0.weight']],
  ])('%s', (pattern, expected) => {
    expect(names.filter(matcherOf(pattern))).toEqual(expected);
  });

  it('is matched in time in proportion to its length', () => {
    const matches = matcherOf(`*.${'a*'.repeat(2000)}b`);
    expect(matches('a'.repeat(1000))).toBe(false);
  });
});

describe('a train block for a model that is not of this file by name', () => {
  const library =
    'model Deep(depth: int)(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { for i in 0..depth { x = x -> blocks[i]: Linear(8) }\n return x }';
  const fixed = `${library}\nmodel Two = Deep(2)`;
  const check = (main: string) => complaints(checkText({ 'main.arch': main, 'lib.arch': fixed }));

  it('is checked against the imported model', () => {
    const train = (pattern: string) =>
      `import { Two } from "./lib.arch"\ntrain T for Two { loss = mean(y)\n freeze ${pattern}\n optimizer sgd(lr = 0.1) }`;
    expect(check(train('blocks[1]'))).toEqual([]);
    expect(check(train('blocks[2]'))).toEqual(['unmatched-pattern@3']);
  });

  it('is checked against the model that it makes', () => {
    const train = (pattern: string) =>
      `import { Deep } from "./lib.arch"\ntrain T for Deep(3) { loss = mean(y)\n freeze ${pattern}\n optimizer sgd(lr = 0.1) }`;
    expect(check(train('blocks[2]'))).toEqual([]);
    expect(check(train('blocks[3]'))).toEqual(['unmatched-pattern@3']);
  });

  it('is checked by its names only where hyperparameters are missing', () => {
    const train = (loss: string) =>
      `import { Deep } from "./lib.arch"\ntrain T for Deep { loss = ${loss}\n freeze nothing\n optimizer sgd(lr = 0.1) }`;
    expect(check(train('mean(y)'))).toEqual([]);
    expect(check(train('mean(z)'))).toEqual(['unknown-name@2']);
  });
});
