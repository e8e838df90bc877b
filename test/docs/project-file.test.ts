import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { projectMarkdown } from '../../src/cli/project-markdown.js';
import { createMemoryHost, readProject } from '../../src/index.js';

test('docs/project-file.md is generated', async () => {
  await expect(projectMarkdown()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/project-file.md'));
});

test('the example of docs/project-file.md has no mistakes', () => {
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(projectMarkdown()) ?? [];
  const { project, diagnostics } = readProject('archc.json', createMemoryHost({ 'archc.json': text }));
  expect(diagnostics).toEqual([]);
  expect(project?.builds.map(({ name, out }) => [name, out])).toEqual([
    ['web', 'dist/bert.onnx'],
    ['server', 'dist/server/bert.onnx'],
  ]);
});
