/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { serve } from '../web/server.js';
import { type Bundler, bundlers, type Job, Project, type Report } from './kit/project.js';

let project: Project;
let browser: Browser | undefined;

beforeAll(async () => {
  project = new Project();
  if (hasChromium) browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  project.remove();
});

const typescript = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

function fileIn(folder: string, path: string): string | undefined {
  return existsSync(join(folder, path)) ? join(folder, path) : undefined;
}

/** Bundlers that make a bundle for `new Worker(new URL(...))`; for the others, a worker is an entry of its own. */
const ownWorkers: ReadonlySet<Bundler> = new Set(['vite', 'webpack', 'rspack']);
/** Cells of the matrix that do not apply, each with the reason; the test checks that it is so. */
const inapplicable: Readonly<Partial<Record<string, string>>> = {
  'rollup base': 'the output of Rollup has no base: its chunks refer to files beside them',
  'rolldown base': 'the output of Rolldown has no base: its chunks refer to files beside them',
  'rspack location': 'Rspack takes only a message from a loader: the place is at its beginning',
};

const data = { externalData: 'always' };

function jobsOf(bundler: Bundler): readonly Job[] {
  const out = (name: string) => `out/${bundler}-${name}`;
  return [
    { name: 'server', entry: 'src/main.js', out: out('server'), side: 'server', options: { ...data, dts: `types-${bundler}` } },
    { name: 'commonjs', entry: 'src/later.js', out: out('commonjs'), side: 'server', commonjs: true },
    { name: 'queries', entry: 'src/queries.js', out: out('queries'), side: 'server' },
    { name: 'shared', entry: 'src/other.js', out: out('shared'), side: 'server' },
    { name: 'broken', entry: 'src/broken.js', out: out('broken'), side: 'client' },
    { name: 'base', entry: 'src/main.js', out: out('base'), side: 'client', base: '/app/', options: data },
    { name: 'library', entry: 'src/library.js', out: out('library'), side: 'client', library: true },
    { name: 'worker', entry: ownWorkers.has(bundler) ? 'src/page.js' : 'src/worker.js', out: out('worker'), side: 'client' },
  ];
}

describe.each(bundlers)('%s', (bundler) => {
  let reports: ReadonlyMap<string, readonly Report[]>;
  const folder = (job: string) => join(project.path, 'out', `${bundler}-${job}`);
  const built = (job: string) => {
    const all = reports.get(job) ?? [];
    // What archc gives a bundler leads to no warnings.
    expect(all).toEqual([{ job, built: expect.any(Array) }]);
    return all[0]?.built ?? [];
  };
  /** What a bundle prints as JSON lines. */
  const printed = (job: string) => {
    const program = readdirSync(folder(job)).find((name) => /\.[cm]?js$/.test(name)) ?? '';
    const { code, out, err } = project.run([join(folder(job), program)]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const programs = (job: string) =>
    built(job)
      .filter((name) => name.endsWith('js'))
      .map((name) => readFileSync(join(folder(job), name), 'utf8'));

  beforeAll(() => {
    reports = project.bundle(bundler, jobsOf(bundler));
  });

  test('emits the files of a model, which ONNX Runtime loads on a server', () => {
    const files = built('server').filter((name) => !name.endsWith('js'));
    expect(files.map((name) => name.replace(/.*\//, '').replaceAll(/-[\w]+/g, '-#'))).toEqual(
      bundler === 'esbuild' ? ['digits-#-#.data', 'digits-#.onnx'] : expect.arrayContaining(['digits-#.data', 'digits-#.onnx']),
    );
    expect(files).toHaveLength(2);
    expect(printed('server')).toEqual([{ shape: [2, 10], first: expect.closeTo(-0.0692961, 6), files: ['digits.onnx'] }]);
  });

  test('makes a CommonJS program for a server', () => {
    built('commonjs');
    expect(printed('commonjs')).toEqual([[1, 10]]);
  });

  test('knows `?url`, `?inline` and `?train`', () => {
    built('queries');
    const url = expect.stringMatching(/^file:.*digits-\w+\.onnx$/);
    expect(printed('queries')).toEqual([
      { url, files: ['digits.onnx'], name: 'Digits', size: expect.any(Number), head: 8 },
      { loss: expect.any(Number) },
    ]);
  });

  test('imports a model of another package of the workspace', () => {
    expect(built('shared').filter((name) => name.includes('shared-'))).toHaveLength(1);
    expect(printed('shared')).toEqual([{ shape: [1, 3] }]);
  });

  test('shows the places of all errors, without a stack', () => {
    const [report] = reports.get('broken') ?? [];
    const errors = report?.errors ?? [];
    const [first] = errors;
    const said = errors.map(({ message, frame }) => `${message}\n${frame ?? ''}`).join('\n');
    const isPlaced = inapplicable[`${bundler} location`] === undefined;
    expect(first?.file).toEqual(isPlaced ? expect.stringMatching(/src\/broken\.arch$/) : undefined);
    expect([first?.line, first?.column]).toEqual(isPlaced ? [5, 20] : [undefined, undefined]);
    expect(said).toContain('unknown-name: there is nothing called `Hea` here');
    expect(said).toContain('src/broken.arch:5:21');
    expect(said).toContain('5 |   return x -> head: Hea(10)\n');
    expect(said).toContain('result-mismatch: the result is [N, 6], but the signature says [N, 5]');
    expect(said).toContain('src/broken.arch:8:60');
    expect(errors.map(({ stack, message }) => `${stack ?? ''}${message}`).join()).not.toMatch(/^\s+at /m);
  });

  const noBase = inapplicable[`${bundler} base`];
  test(noBase ?? 'refers to the files below the base of a site', () => {
    const names = built('base').filter((name) => !name.endsWith('js') && name.includes('digits-'));
    const texts = programs('base').join('\n');
    expect(names).toHaveLength(2);
    expect(texts.includes('/app/')).toBe(noBase === undefined);
    for (const name of names) {
      const quotes = ["'", '"'];
      const ways =
        noBase !== undefined
          ? [`new URL('${name}', import.meta.url)`, `new URL("${name}", import.meta.url)`]
          : quotes.flatMap((quote) => [`${quote}/app/${name}${quote}`, `__webpack_require__.p + ${quote}${name}${quote}`]);
      expect(ways.some((way) => texts.includes(way))).toBe(true);
    }
  });

  test('makes a library whose files are beside it', () => {
    const name = built('library').find((file) => file.endsWith('js')) ?? '';
    project.write(
      `use-${bundler}.mjs`,
      `const { Digits } = await import('./out/${bundler}-library/${name}');
const model = await Digits.create({ provider: 'cpu' });
console.log(JSON.stringify((await model.run({ image: new Float32Array(64) })).logits.shape));`,
    );
    expect(project.run([`use-${bundler}.mjs`])).toEqual({ code: 0, out: '[1,10]\n', err: '' });
  });

  test('bundles a worker that imports a model', async () => {
    expect(built('worker').filter((name) => /digits-\w+\.onnx$/.test(name))).toHaveLength(1);
    if (browser === undefined || !ownWorkers.has(bundler)) return;
    const entry = built('worker').find((name) => /(?:^|\/)(?:main|page-[\w-]+)\.js$/.test(name));
    const html = Buffer.from(`<!doctype html><script type="module" src="/${entry}"></script>`);
    const server = await serve((path) => (path === '/' ? html : fileIn(folder('worker'), path)), 'worker-src *');
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => document.title === '[1,10]', undefined, { timeout: 60_000 });
    await page.close();
    await server.close();
  });

  test('builds again when an imported file changes, also after an error', async () => {
    const source = `src/${bundler}-parts.arch`;
    const parts = project.read('src/parts.arch');
    project.write(source, parts);
    project.write(`src/${bundler}.arch`, project.read('src/digits.arch').replace('./parts.arch', `./${bundler}-parts.arch`));
    project.write(`src/${bundler}.js`, `export { Digits } from './${bundler}.arch';\n`);
    const watching = project.watch(bundler, {
      name: 'watch',
      entry: `src/${bundler}.js`,
      out: `out/${bundler}-watch`,
      side: 'client',
      library: true,
    });
    try {
      const models = ({ built: files = [] }: Report) => files.filter((name) => name.endsWith('.onnx'));
      const before = models(await watching.until((report) => report.built !== undefined));
      project.write(source, parts.replace('relu', 'rely'));
      const broken = await watching.until((report) => report.errors !== undefined);
      expect(JSON.stringify(broken)).toContain(`${source}:3:37`);
      project.write(source, parts.replace('Linear(32)', 'Linear(48)'));
      const after = await watching.until((report) => models(report).some((name) => !before.includes(name)));
      expect(models(after).length).toBeGreaterThan(0);
    } finally {
      watching.stop();
    }
  });
});

test('TypeScript reads the types, which are the same from all bundlers', () => {
  const texts = new Set(bundlers.map((bundler) => project.read(`types-${bundler}/src/digits.d.arch.ts`)));
  expect(texts.size).toBe(1);
  const options = { module: 'preserve', target: 'es2022', lib: ['es2023'], types: [], strict: true, noEmit: true };
  const compilerOptions = { ...options, allowArbitraryExtensions: true, rootDirs: ['.', 'types-vite'] };
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['src/typed.ts'] }));
  project.write(
    'src/typed.ts',
    `/// <reference types="archc/client" />
import { Digits } from './digits.arch';
import url, { files } from './digits.arch?url';
import bytes from './digits.arch?inline';

export const places: readonly (string | undefined)[] = [url, files['digits.onnx']];
export const size: number = bytes.length;
export const inputs: Digits.Inputs = { image: new Float32Array(64) };
// @ts-expect-error: the model has no such input
export const wrong: Digits.Inputs = { picture: new Float32Array(64) };
`,
  );
  expect(project.run([typescript, '-p', '.'])).toEqual({ code: 0, out: '', err: '' });
});
