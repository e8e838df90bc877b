/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elaborate } from '../../src/3-graph/elaborate.js';
import type { CompileOptions } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import { defaultLimits } from '../../src/limits.js';
import { followChannels } from '../../src/prune/follow.js';
import { difference } from '../kit/close.js';
import { randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { onnxOf, prunedWeights, trainedWeights, type Weight, type Weights } from '../kit/pruned.js';
import { onlyGraph, programOf } from '../kit/source.js';

const ort = useOrt();

/** `weights` with zeros at the positions that are removed. */
function withoutPositions(weights: Weights, gone: ReadonlyMap<string, readonly ReadonlySet<number>[]>): Weights {
  const fill = ({ shape, data }: Weight, axes: readonly ReadonlySet<number>[]): Weight => ({
    shape,
    data: data.map((value, i) => {
      let rest = i;
      const isGone = [...shape.keys()].reverse().some((axis) => {
        const position = rest % (shape[axis] ?? 1);
        rest = Math.floor(rest / (shape[axis] ?? 1));
        return axes[axis]?.has(position) === true;
      });
      return isGone ? 0 : value;
    }),
  });
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, fill(weight, gone.get(name) ?? [])]));
}

/** The positions along axes of weights that are removed on the way to a smaller model, if channels are chosen regardless of their weights. */
function positionsThatGo(source: string, options: CompileOptions, to: Readonly<Record<string, string>>) {
  const program = (set: CompileOptions['set']) =>
    elaborate(programOf(source, { ...options, set: { ...options.set, ...set } }).checked, new Report(), defaultLimits);
  const followed = followChannels(program({}), program(to));
  if ('problem' in followed) throw new Error(followed.problem);
  const choice = followed.channels.choose((channel) => (channel * 7919) % 101);
  if (choice.conflict !== undefined) throw new Error(`no choice for ${choice.conflict.name}`);
  const gone = [...followed.weights].map(
    ([name, axes]) =>
      [name, axes.map((labels) => new Set((labels ?? []).flatMap((label, i) => (choice.isKept(label) ? [] : [i]))))] as const,
  );
  return new Map(gone);
}

const llama = { 'c.vocab': '16', 'c.D': '8', 'c.depth': '2', 'c.heads': '4', 'c.kv_heads': '2', 'c.ff': '12' };

describe('without channels whose weights are zero, an example computes the same', () => {
  it.each<[string, CompileOptions, Readonly<Record<string, string>>]>([
    ['unet', { bind: { N: 1, H: 8, W: 8 } }, { widths: '[5, 12]' }],
    ['transformer', { set: { heads: '2', ff: '12' }, bind: { N: 1, T: 3 } }, { ff: '8' }],
    ['llama', { set: llama, bind: { N: 1, T: 3, P: 2 } }, { 'c.ff': '7' }],
    ['experts', { set: { ...llama, 'c.experts': '4', 'c.chosen': '2' }, bind: { N: 1, T: 3 } }, { 'c.ff': '7' }],
    ['mamba', { set: { 'c.vocab': '16', 'c.D': '8', 'c.depth': '2', 'c.S': '4', 'c.rank': '5' }, bind: { N: 1, T: 3 } }, { 'c.rank': '3' }],
    [
      'whisper',
      {
        set: {
          'c.vocab': '16',
          'c.mels': '4',
          'c.D': '8',
          'c.frames': '4',
          'c.encoder_layers': '2',
          'c.encoder_heads': '2',
          'c.encoder_ff': '12',
          'c.decoder_layers': '1',
          'c.decoder_heads': '2',
        },
        entry: 'encode',
        bind: { 'encode.N': 1 },
      },
      { 'c.encoder_ff': '9' },
    ],
  ])('%s', async (example, options, to) => {
    const source = readFileSync(resolve(import.meta.dirname, `../../examples/${example}/model.arch`), 'utf8');
    const { entry: _, ...settings } = options;
    const weights = withoutPositions(trainedWeights(source, settings), positionsThatGo(source, settings, to));
    const { weights: pruned } = prunedWeights(source, weights, { ...settings, to });
    const before = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
    const after = Object.values(pruned).reduce((sum, { data }) => sum + data.length, 0);
    expect(after).toBeLessThan(before);
    const feeds = randomInputs(onlyGraph(programOf(source, options)));
    const wanted = await ort.run(onnxOf(source, weights, options), feeds);
    const got = await ort.run(onnxOf(source, pruned, { ...options, set: { ...options.set, ...to } }), feeds);
    for (const [name, output] of Object.entries(wanted)) {
      const value = got[name];
      expect(value && difference(value, output, 1e-6), name).toBeUndefined();
    }
  });
});
