import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { deserialize } from 'node:v8';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

type Outcome = { readonly value: unknown; readonly wanted: unknown } | { readonly thrown: string };
interface Printed {
  readonly line: number;
  readonly text: string;
}

function linesOfProgram(text: string): readonly string[] {
  let isProgram = false;
  return text.split('\n').map((line) => {
    const isFence = line.startsWith('```');
    if (isFence) isProgram = line === '```ts';
    return isProgram && !isFence ? line : '';
  });
}

/**
 * The `ts` blocks of a page are one program, which uses the package as it is built. `expression; // value` on the page says what an expression is,
 * `// throws Name: message` what it throws, and a `text` block what the block before it prints.
 */
export function testPage(name: string): void {
  const path = join(root, `docs/${name}.md`);
  const page = readFileSync(path, 'utf8');

  /** The page with everything but its program blanked out, so that lines have the numbers of the page. */
  const program = linesOfProgram(page);
  const shown = program.flatMap((line, index) => {
    const [, code, value] = /^(\S.*?); \/\/ (.+)$/.exec(line) ?? [];
    return code === undefined || value === undefined ? [] : [{ line: index + 1, code, value }];
  });

  let folder = '';
  let outcomes: ReadonlyMap<number, Outcome> = new Map();
  let printed: readonly Printed[] = [];

  /** The program in JavaScript, which notes each value that the page shows, and what each block prints. */
  async function instrumented(): Promise<string> {
    const lines = [...program];
    for (const { line, code, value } of shown) {
      const wanted = value.startsWith('throws ') ? 'undefined' : value;
      lines[line - 1] = `await __note(${line}, async () => (${code}), () => (${wanted}));`;
    }
    for (const { line } of blocks('ts')) lines[line - 1] = `__block = ${line};`;
    const before = `import { writeFileSync as __write } from 'node:fs'; import { serialize as __serialize } from 'node:v8';
  let __block = 0;
  const __outcomes = new Map();
  const __printed = [];
  console.log = (text) => __printed.push({ line: __block, text });
  async function __note(line, value, wanted) {
    try {
      __outcomes.set(line, { value: await value(), wanted: wanted() });
    } catch (error) {
      __outcomes.set(line, { thrown: error.name + ': ' + error.message });
    }
  }
  `;
    const after = "__write('outcomes', __serialize({ outcomes: __outcomes, printed: __printed }));\n";
    return (await transform(`${before}${lines.join('\n')}${after}`, { loader: 'ts', format: 'esm', target: 'es2022' })).code;
  }

  /** The blocks of a kind, with the line of their fence. */
  function blocks(kind: string): readonly { readonly line: number; readonly text: string; readonly end: number }[] {
    return [...page.matchAll(new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => {
      const line = page.slice(0, match.index).split('\n').length;
      return { line, text: match[1] ?? '', end: line + match[0].split('\n').length - 1 };
    });
  }

  function run(...args: readonly string[]): { readonly code: number | null; readonly said: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { code: status, said: stdout + stderr };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'archc-library-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/archc'), 'dir');
    symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'dir');
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    writeFileSync(join(folder, 'library.ts'), program.join('\n'));
    writeFileSync(join(folder, 'run.js'), await instrumented());
    expect(run('run.js')).toEqual({ code: 0, said: '' });
    ({ outcomes, printed } = deserialize(readFileSync(join(folder, 'outcomes'))));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe(`docs/${name}.md`, () => {
    test('has a program that the declarations of the package accept', () => {
      const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
      const options = { compilerOptions: { ...compilerOptions, types: ['node'] }, files: ['library.ts'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
      expect(run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')).toEqual({ code: 0, said: '' });
    });

    test.each(shown)('line $line: $code', ({ line, value }) => {
      const outcome = outcomes.get(line) ?? expect.fail('the program does not reach this line');
      if (value.startsWith('throws ') || 'thrown' in outcome) expect(outcome).toEqual({ thrown: value.replace('throws ', '') });
      else expect(outcome.value).toEqual(outcome.wanted);
    });

    test('has no other comments in its program, which nothing would compare', () => {
      const compared = new Set(shown.map(({ line }) => line));
      expect(program.filter((line, index) => line.includes('//') && !compared.has(index + 1))).toEqual([]);
      expect(shown.filter(({ code }) => /^(?:const|let|import|return|await) /.test(code))).toEqual([]);
    });

    test('shows what the program prints', async () => {
      const outputs = blocks('text');
      const updated = outputs.reduceRight((text, output) => {
        const block = blocks('ts').find(({ end }) => end + 2 === output.line) ?? expect.fail(`line ${output.line} follows no block`);
        const said = printed.filter(({ line }) => line === block.line).map((item) => item.text.trimEnd());
        const lines = text.split('\n');
        const length = output.end - output.line - 1;
        return lines.toSpliced(output.line, length, ...said.flatMap((item) => item.split('\n'))).join('\n');
      }, page);
      expect(new Set(printed.map(({ line }) => line)).size).toBe(outputs.length);
      await expect(updated).toMatchFileSnapshot(path);
    });
  });
}
