import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandNames, commands } from '../../src/cli/commands.js';
import { commandHelp, generalHelp } from '../../src/cli/help.js';
import { helpMarkdown } from '../../src/cli/help-markdown.js';
import { options } from '../../src/cli/options.js';

describe('help', () => {
  test('names every command', () => {
    for (const name of commandNames) expect(generalHelp()).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  test.each(commandNames)('of %s names each of its options and fits the width', (name) => {
    const text = commandHelp(name, 80);
    for (const option of commands[name].options) expect(text).toContain(`--${option}`);
    const [head = ''] = text.split('Examples:');
    const usage = new Set<string>(commands[name].usage.map((line) => `  ${line}`));
    for (const line of head.split('\n')) if (!usage.has(line)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('every option belongs to a command', () => {
    const used = new Set<string>(commandNames.flatMap((name) => commands[name].options));
    expect(Object.keys(options).filter((name) => !used.has(name))).toEqual(['version']);
  });

  test('docs/cli.md says the same', async () => {
    await expect(helpMarkdown()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/cli.md'));
  });
});
