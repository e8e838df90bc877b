import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium } from '../kit/chromium.js';
import { files, page, Workshop } from './workshop.js';

interface Setup {
  /** Packages other than archc and ONNX Runtime. */
  readonly packages: readonly string[];
  readonly config: string;
  readonly command: readonly string[];
  readonly side: 'page' | 'node';
}

const setups: Readonly<Record<string, Setup>> = {
  vite: { packages: ['vite'], config: 'vite.config.js', command: ['vite', 'build'], side: 'page' },
  webpack: { packages: ['webpack', 'webpack-cli'], config: 'webpack.config.js', command: ['webpack'], side: 'page' },
  rspack: { packages: ['@rspack/core', '@rspack/cli'], config: 'rspack.config.js', command: ['rspack', 'build'], side: 'page' },
  rollup: { packages: ['rollup'], config: 'rollup.config.js', command: ['rollup', '-c'], side: 'node' },
  rolldown: { packages: ['rolldown'], config: 'rolldown.config.js', command: ['rolldown', '-c'], side: 'node' },
  esbuild: { packages: ['esbuild'], config: 'build.mjs', command: ['node', 'build.mjs'], side: 'node' },
};

let workshop: Workshop;

beforeAll(async () => {
  workshop = await Workshop.open();
});

afterAll(() => workshop.close());

describe.each(Object.entries(setups))('the lines for %s', (name, { packages, config, command, side }) => {
  test.runIf(side === 'node' || hasChromium)(`build a program for ${side === 'node' ? 'Node' : 'a page'} in an empty project`, async () => {
    const project = workshop.project(name, [...packages, side === 'node' ? 'onnxruntime-node' : 'onnxruntime-web']);
    project.write(config, files.get(config) ?? expect.fail(`the page does not show ${config}`));
    const script = '<!doctype html><script type="module" src="SRC"></script>\n';
    if (name === 'vite') project.write('index.html', script.replace('SRC', '/src/main.js'));
    const [program = '', ...args] = command;
    project.run(program === 'node' ? program : 'npx', program === 'node' ? args : command);
    if (side === 'page' && name !== 'vite') project.write('dist/index.html', script.replace('SRC', './main.js'));
    const said = side === 'node' ? project.run('node', ['dist/main.js']) : await project.opened('dist');
    expect(said.trim()).toBe('logits [1,10]');
  });
});

test('the lines for Node run a program, and TypeScript reads the types', () => {
  const project = workshop.project('node', ['onnxruntime-node', 'tsx', 'typescript', 'vite']);
  const commands = [...page.matchAll(/^node --import .*$/gm)].map(([line]) => line);
  expect(commands).toHaveLength(2);
  project.write('src/main.ts', `${files.get('src/main.js')}\nexport const shape: readonly number[] = logits.shape;\n`);
  for (const line of commands) expect(project.run('node', line.split(' ').slice(1)).trim()).toBe('logits [1,10]');
  project.write('vite.config.js', "import archc from 'archc/vite';\n\nexport default { plugins: [archc({ dts: true })] };\n");
  project.run('npx', ['vite', 'build', '--ssr', 'src/main.js']);
  project.write('tsconfig.json', files.get('tsconfig.json') ?? '');
  project.write(
    'src/queries.ts',
    `/// <reference types="archc/client" />
import { Digits } from './digits.arch';
import url, { files, manifest } from './digits.arch?url';
import bytes from './digits.arch?inline';

export const all: readonly [string, readonly string[], string, Uint8Array] = [url, Object.keys(files), manifest.name, bytes];
export const inputs: Digits.Inputs = { image: new Float32Array(64) };
// @ts-expect-error: the model has no such input
export const wrong: Digits.Inputs = { picture: new Float32Array(64) };
// @ts-expect-error: an array of bytes has no shape
export const other: number[] = bytes.shape;
`,
  );
  project.run('npx', ['tsc', '-p', '.']);
});
