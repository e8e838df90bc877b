import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostError, readProject } from '../../src/index.js';
import { buildsOf, createNodeHost, findProject } from '../../src/node.js';

let root = '';
const at = (...parts: readonly string[]) => join(root, ...parts);

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'archc-project-')));
  for (const folder of ['app/src/deep', 'shared', 'inner/archc.json/src', 'broken/src']) mkdirSync(at(folder), { recursive: true });
  const builds = { web: { model: 'src/m.arch' }, cpu: { model: 'src/m.arch', out: '../cpu.onnx' }, linked: { model: 'linked/n.arch' } };
  writeFileSync(at('app/archc.json'), JSON.stringify({ builds }));
  writeFileSync(at('app/src/m.arch'), '');
  writeFileSync(at('shared/n.arch'), '');
  symlinkSync(at('shared'), at('app/linked'));
  symlinkSync(at('nowhere.json'), at('broken/archc.json'));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('findProject', () => {
  test('finds the file in the folder, or in one above it', () => {
    for (const folder of ['app', 'app/src', 'app/src/deep', 'app/src/missing']) expect(findProject(at(folder))).toBe(at('app/archc.json'));
  });

  test('goes up the path as it is written, even through links', () => {
    expect(findProject(at('app/linked'))).toBe(at('app/archc.json'));
    expect(findProject(at('shared'))).toBeUndefined();
  });

  test('skips a folder of that name', () => {
    expect(findProject(at('inner/archc.json/src'))).toBeUndefined();
    writeFileSync(at('archc.json'), '{ "builds": {} }');
    expect(findProject(at('inner/archc.json/src'))).toBe(at('archc.json'));
    rmSync(at('archc.json'));
  });

  test('stops at a broken link, which reading reports', () => {
    expect(findProject(at('broken/src'))).toBe(at('broken/archc.json'));
    expect(() => readProject(at('broken/archc.json'), createNodeHost())).toThrow(HostError);
  });
});

test('buildsOf finds the builds of a source file, whatever links its path goes through', () => {
  const { project } = readProject(at('app/archc.json'), createNodeHost());
  if (project === undefined) throw new Error('the project is right');
  const names = (file: string) => buildsOf(project, file).map(({ name }) => name);
  expect(names(at('app/src/m.arch'))).toEqual(['web', 'cpu']);
  expect(names(at('app/linked/n.arch'))).toEqual(['linked']);
  expect(names(at('shared/n.arch'))).toEqual(['linked']);
  expect(names(at('app/src/other.arch'))).toEqual([]);
  expect(project.builds.map(({ out }) => out)).toEqual([at('app/src/m.onnx'), at('cpu.onnx'), at('app/linked/n.onnx')]);
});
