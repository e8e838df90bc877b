import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extensionFolder, extensionSources, manifest } from '../../kit/extension.js';

const root = resolve(import.meta.dirname, '../../..');
const { commands, menus, keybindings, configuration, walkthroughs, taskDefinitions, configurationDefaults } = manifest.contributes;
const declared = commands.map(({ command }) => command);
const properties = configuration.properties;
const sources = [...extensionSources.values()].join('\n');

describe('commands', () => {
  test('are those that the sources register', () => {
    const registered = [...sources.matchAll(/^ {4}'(archc\.\w+)': \(?/gm)].map(([, name]) => name);
    expect(registered.sort()).toEqual([...declared].sort());
  });

  test('of menus, keys and the walkthrough exist', () => {
    const used = [...Object.values(menus).flat(), ...keybindings].map(({ command }) => command);
    const steps = walkthroughs.flatMap(({ steps }) => steps);
    const linked = steps.flatMap(({ description, completionEvents }) => [
      ...[...description.matchAll(/\(command:([\w.]+)/g)].map(([, name = '']) => name),
      ...completionEvents.flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []),
    ]);
    const ofEditor = ['workbench.action.openSettings'];
    expect([...used, ...linked].filter((command) => !declared.includes(command) && !ofEditor.includes(command))).toEqual([]);
  });

  test('that need archc are off where there is none, and in untrusted workspaces if they act', () => {
    const enablement = new Map(commands.map(({ command, enablement = '' }) => [command, enablement]));
    for (const command of ['archc.compile', 'archc.run']) expect(enablement.get(command)).toBe('archc.hasCompiler && isWorkspaceTrusted');
    for (const command of ['archc.showCost', 'archc.showGraph']) expect(enablement.get(command)).toBe('archc.hasCompiler');
    expect(sources).toContain("'setContext', 'archc.hasCompiler'");
  });

  test('are in the documentation', () => {
    const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
    const readme = readFileSync(join(root, 'editors/vscode/README.md'), 'utf8');
    for (const { title } of commands as readonly { readonly title?: string }[]) {
      expect(page).toContain(`archc: ${title}`);
      expect(readme).toContain(`archc: ${title}`);
    }
  });
});

describe('settings', () => {
  test('that the sources read are declared', () => {
    const read = [...sources.matchAll(/\bsetting\('([\w.]+)'/g)].map(([, name]) => `archc.${name}`);
    const watched = [...sources.matchAll(/affectsConfiguration\('([\w.]+)'/g)].map(([, name = '']) => name);
    expect(read.length).toBeGreaterThan(4);
    expect([...read, ...watched].filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
    const { getConfiguration } = { getConfiguration: sources.match(/getConfiguration\('[^']*'/g) ?? [] };
    expect(new Set(getConfiguration)).toEqual(new Set(["getConfiguration('archc'"]));
  });

  test('that only the sources know are read', () => {
    const ofServer = /^archc\.(?:inlayHints|codeLens)\./;
    const unread = Object.keys(properties).filter((name) => !ofServer.test(name) && !sources.includes(`'${name.replace('archc.', '')}'`));
    expect(unread).toEqual([]);
  });

  test.each(Object.entries(properties))(
    '%s has a default of its type, and a description',
    (_, { type, default: start, pattern, ...rest }) => {
      expect(typeof start).toBe(type);
      expect(rest.markdownDescription).toMatch(/\.$/);
      if (pattern !== undefined) expect(start).toMatch(new RegExp(pattern));
      if (rest.enum !== undefined) {
        expect(rest.enum).toContain(start);
        expect(rest.enumDescriptions?.length).toBe(rest.enum.length);
      }
    },
  );

  test('that descriptions refer to are those of VS Code, or exist', () => {
    const references = Object.values(properties).flatMap(({ markdownDescription }) => markdownDescription.match(/`#[\w.]+#`/g) ?? []);
    expect(references.sort()).toEqual(['`#editor.codeLens#`', '`#editor.inlayHints.enabled#`']);
  });

  test('that decide what is run or how are not taken from untrusted workspaces', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect([...restrictedConfigurations].sort()).toEqual(['archc.run.bind', 'archc.run.provider', 'archc.server.path']);
    expect(restrictedConfigurations.filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
  });

  test('are in the documentation', () => {
    const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
    expect(Object.keys(properties).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('of the language are those that its formatter writes', () => {
    expect(configurationDefaults).toMatchObject({ '[arch]': { 'editor.tabSize': 2, 'editor.insertSpaces': true } });
  });
});

describe('the problem matcher', () => {
  const [pattern] = manifest.contributes.problemPatterns;

  test('reads what `--format short` prints', async () => {
    const { renderShort } = await import('../../../src/diagnostics/render-short.js');
    const { check, createMemoryHost } = await import('../../../src/index.js');
    const source = 'model M(x: Tensor[N, 3]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(5) }\n';
    const { diagnostics, sources: texts } = check('a b/m.arch', createMemoryHost({ 'a b/m.arch': source }));
    const [line = ''] = renderShort(diagnostics, texts).split('\n');
    const found = new RegExp(pattern?.regexp ?? '').exec(line);
    const part = (name: string) => found?.[pattern?.[name] ?? 0];
    expect(['file', 'line', 'column', 'severity', 'code', 'message'].map(part)).toEqual([
      'a b/m.arch',
      '1',
      '56',
      'error',
      'result-mismatch',
      'the result is [N, 5], but the signature says [N, 4]',
    ]);
  });

  test('belongs to the task', () => {
    expect(manifest.contributes.problemMatchers).toMatchObject([
      { name: 'archc', pattern: '$archc' },
      { name: 'archc-absolute', pattern: '$archc' },
    ]);
    expect(sources).toContain("'$archc-absolute'");
    expect(taskDefinitions.map(({ type }) => type)).toEqual(['archc']);
    for (const name of Object.keys(taskDefinitions[0]?.properties ?? {})) expect(sources).toMatch(new RegExp(`definition\\.${name}\\b`));
  });
});

test('the version is that of archc', () => {
  expect(manifest.version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
});

describe('the pictures of the walkthrough', () => {
  const pictures = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media));

  test('have descriptions', () => {
    expect(pictures.length).toBe(4);
    for (const { altText } of pictures) expect(altText).toMatch(/\.$/);
  });

  test('have no style sheets, which VS Code ignores, and the colors of its theme', () => {
    for (const { svg } of pictures) {
      const text = readFileSync(join(extensionFolder, svg), 'utf8');
      expect(text).not.toMatch(/<style|class=|<script|href=/);
      for (const [, color = ''] of text.matchAll(/(?:fill|stroke)="([^"]+)"/g))
        expect(color).toMatch(/^(?:none|var\(--vscode-[\w-]+, #[0-9a-f]{6}\))$/);
    }
  });
});

describe('the sources', () => {
  test('have at most 400 lines each', () => {
    expect([...extensionSources].filter(([, text]) => text.split('\n').length > 401).map(([path]) => path)).toEqual([]);
  });

  test('need nothing of the compiler, and Node only on the desktop', () => {
    const withNode = [...extensionSources]
      .filter(([, text]) => /from '(?:node:|vscode-languageclient\/node)/.test(text))
      .map(([path]) => path);
    expect(withNode).toEqual(['node-platform.ts']);
    expect([...extensionSources].filter(([, text]) => /from '\.\.\/\.\.\/|from '(?:\.\.\/){2,}/.test(text)).map(([path]) => path)).toEqual(
      [],
    );
  });

  test('trust no markdown, and run no scripts in pages without saying so', () => {
    expect(sources).not.toMatch(/isTrusted: true|supportHtml: true/);
    expect(sources).toContain('isTrusted: false');
    for (const text of extensionSources.values())
      if (text.includes('createWebviewPanel')) expect(text).toContain('Content-Security-Policy');
  });
});
