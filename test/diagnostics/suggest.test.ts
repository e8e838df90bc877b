import { describe, expect, test } from 'vitest';
import { editDistance, suggest } from '../../src/diagnostics/suggest.js';

const layers = ['Linear', 'Conv2d', 'Conv1d', 'LayerNorm', 'LSTM', 'BatchNorm2d', 'relu', 'gelu', 'leaky_relu', 'concat'];

describe('suggest', () => {
  test.each([
    ['linear', ['Linear']],
    ['Conv2D', ['Conv2d', 'Conv1d']],
    ['nn.Linear', ['Linear']],
    ['layer_norm', ['LayerNorm']],
    ['Dense', ['Linear']],
    ['cat', ['concat']],
    ['Linaer', ['Linear']],
    ['rleu', ['relu']],
    ['Attention', []],
    ['x', []],
  ])('%s -> %j', (name, wanted) => {
    expect(suggest(name, layers).slice(0, wanted.length === 0 ? 4 : wanted.length)).toEqual(wanted);
  });

  test('keeps the path of a dotted name', () => {
    const names = ['conv.weight', 'fc.weight', 'fc.bias', 'encoder.layers.0.weight'];
    expect(suggest('fc1.weight', names)).toEqual(['fc.weight']);
    expect(suggest('fc.Weight', names)[0]).toBe('fc.weight');
  });

  test('does not depend on the order of the candidates', () => {
    expect(suggest('conv3d', [...layers].reverse())).toEqual(suggest('conv3d', layers));
  });

  test('offers four at most and never the name itself', () => {
    const near = suggest('aa', ['ab', 'ac', 'ad', 'ae', 'af', 'aa']);
    expect(near).toEqual(['ab', 'ac', 'ad', 'ae']);
  });

  test('is not fooled by names of Object.prototype', () => {
    expect(suggest('constructor', layers)).toEqual([]);
  });
});

test('a name that begins as a layer does is meant to be one', () => {
  const names = ['batch_norm', 'BatchNorm1d', 'BatchNorm2d', 'relu', 'GELU'];
  expect(suggest('BatchNorm', names)[0]).toBe('BatchNorm2d');
  expect(suggest('batchnorm', names)[0]).toBe('batch_norm');
  expect(suggest('ReLU', names)[0]).toBe('relu');
});

test('editDistance counts a swap of neighbours as one', () => {
  expect(editDistance('Linaer', 'Linear')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('kitten', 'sitting')).toBe(3);
});
