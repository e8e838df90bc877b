import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { Builds } from '../../src/ide/builds/builds.js';
import { diagnostics } from '../../src/ide/features/diagnostics.js';
import type { FileView } from '../../src/ide/file-view.js';
import { Insights } from '../../src/ide/insights/insights.js';
import { opened, textAt } from '../kit/ide.js';

const model = 'model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {\n  return x -> fc: Linear(3)\n}\n';

function workspaceOf(builds: object, files: Readonly<Record<string, string>> = {}) {
  return opened({ 'net.arch': model, 'archc.json': JSON.stringify({ builds }), ...files });
}

describe('builds', () => {
  it('are those of the nearest project file, the chosen one first', () => {
    const { workspace } = opened({
      'sub/net.arch': model,
      'other/net.arch': model,
      'archc.json':
        '{ "builds": { "a": { "model": "sub/net.arch" }, "b": { "model": "other/net.arch" }, "c": { "model": "other/net.arch", "out": "c.onnx", "target": "cpu" } } }',
    });
    let chosen: string | undefined;
    const builds = new Builds(workspace.sources(), () => chosen);
    expect(builds.buildOf('sub/net.arch')?.name).toBe('a');
    expect(builds.buildOf('other/net.arch')?.name).toBe('b');
    chosen = 'c';
    expect(builds.buildOf('other/net.arch')?.options.target).toBe('cpu');
    expect(builds.buildOf('elsewhere/net.arch')).toBeUndefined();
  });

  it('are found by the paths of Windows, however they are written', () => {
    const files = new Map([['C:/a/archc.json', '{ "builds": { "a": { "model": "sub/net.arch", "target": "cpu" } } }']]);
    const host = {
      read: (path: string) => files.get(path.replaceAll('\\', '/').replace(/^c:/, 'C:')),
      resolve: (source: string, from: string) => win32.join(win32.dirname(from), source),
    };
    const builds = new Builds(host, () => undefined);
    for (const path of ['C:\\a\\sub\\net.arch', 'c:\\a\\sub\\net.arch', 'C:/a/sub/net.arch'])
      expect(builds.buildOf(path)?.name, path).toBe('a');
    expect(builds.buildOf('C:\\a\\net.arch')).toBeUndefined();
    expect(builds.buildOf('\\\\server\\share\\net.arch')).toBeUndefined();
  });

  it('report what leaves the device of their target', () => {
    const source = model.replace('return x', 'z = x * cast(sum(cast(x, i64)), f32)\n  return z');
    const { workspace } = workspaceOf({ web: { model: 'net.arch', target: 'webgpu' } }, { 'net.arch': source });
    const builds = new Builds(workspace.sources(), () => undefined);
    const found = diagnostics(workspace, 'net.arch', builds.diagnostics('net.arch'));
    expect(found.map(({ diagnostic }) => diagnostic.code)).toContain('no-kernel');
  });

  it('report a size that breaks a fact where the project file sets it', () => {
    const source = model.replace(' {\n', ' where N % 4 == 0 {\n');
    const { workspace } = workspaceOf({ a: { model: 'net.arch', bind: { N: 6 } } }, { 'net.arch': source });
    const builds = new Builds(workspace.sources(), () => undefined);
    const [found, ...others] = builds.diagnostics('net.arch');
    expect(others).toEqual([]);
    expect(found?.message).toBe('build `a` sets N = 6, but `Net` requires `N % 4 == 0`: 6 % 4 == 0 is false');
    expect(found && textAt(workspace, found.span)).toBe('6');
    expect(found?.notes.map(({ span }) => textAt(workspace, span))).toEqual(['N % 4 == 0']);
  });

  it('report misspelled keys, with what corrects them', () => {
    const { workspace } = workspaceOf({ a: { model: 'net.arch', taget: 'cpu' } });
    const builds = new Builds(workspace.sources(), () => undefined);
    expect(builds.has('net.arch')).toBe(true);
    const [found] = builds.diagnostics('net.arch');
    expect(found && textAt(workspace, found.span)).toBe('"taget"');
    expect(found?.fixes.map(({ title }) => title)).toEqual(['write "target"']);
  });

  it('report weights that do not fit', () => {
    const tensor = { name: 'fc.weight', dtype: 'f32' as const, shape: [3, 5], bytes: new Uint8Array(60) };
    const weights = joinChunks([...writeSafetensors([tensor])]);
    const { workspace } = opened(
      { 'net.arch': model, 'archc.json': '{ "builds": { "a": { "model": "net.arch", "weights": "w.safetensors" } } }' },
      [],
      { 'w.safetensors': weights },
    );
    const builds = new Builds(workspace.sources(), () => undefined);
    const found = builds.diagnostics('net.arch').map(({ code, message }) => `${code}: ${message}`);
    expect(found).toMatchInlineSnapshot(`
      [
        "weights-missing: 1 parameter of the model is not in w.safetensors",
        "weights-shape: \`fc.weight\` is [3, 4] in the model and [3, 5] in w.safetensors",
      ]
    `);
  });

  it('report what they can where weights cannot be opened', () => {
    const source = model.replace('return x', 'z = x * cast(sum(cast(x, i64)), f32)\n  return z');
    const { workspace } = workspaceOf({ web: { model: 'net.arch', target: 'webgpu', weights: 'w.safetensors' } }, { 'net.arch': source });
    const { read, resolve } = workspace.sources();
    const builds = new Builds({ read, resolve }, () => undefined);
    expect(builds.diagnostics('net.arch').map(({ code }) => code)).toEqual(['no-kernel', 'no-kernel']);
  });

  it('have the hyperparameters and sizes with which costs are counted', () => {
    const source = 'model Net(D = 4)(x: Tensor[N, D]) -> (y: Tensor[N, 3]) {\n  return x -> fc: Linear(3)\n}\n';
    const files = { 'net.arch': `${source}${source.replace('Net', 'Other')}` };
    const { workspace } = workspaceOf({ big: { model: 'net.arch', name: 'Net', set: { D: 100 }, bind: { N: 2 } } }, files);
    const builds = new Builds(workspace.sources(), () => undefined);
    const insights = new Insights(workspace, (path, model) => builds.compileOptions(path, model));
    const view = workspace.view('net.arch') as FileView;
    for (const model of insights.missing('net.arch')) insights.compute('net.arch', model);
    expect(insights.summary(view, 'Net')).toMatch(/^303 parameters, \d[^N]* FLOPs/);
    expect(insights.summary(view, 'Other')).toMatch(/^15 parameters, .*N FLOPs/);
  });

  it('do not fail where a project file is not one', () => {
    const codes = (text: string) => {
      const { workspace } = opened({ 'net.arch': model, 'archc.json': text });
      return new Builds(workspace.sources(), () => undefined).diagnostics('net.arch').map(({ code }) => code);
    };
    // An editor says itself what is wrong with JSON.
    for (const text of ['', '{', '[]']) expect(codes(text)).toEqual([]);
    expect(codes('{ "builds": 3 }')).toEqual(['project-value']);
  });
});
