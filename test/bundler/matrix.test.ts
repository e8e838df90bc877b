/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundler, bundlers, type Job, Project, type Report } from './kit/project.js';

let project: Project;

beforeAll(() => {
  project = new Project();
});

afterAll(() => project.remove());

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
    { name: 'server', entry: 'src/main.js', out: out('server'), side: 'server', options: { ...data, dts: 'types' } },
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
    const program = readdirSync(folder(job)).find((name) => /\.m?js$/.test(name)) ?? '';
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
    expect(project.read('types/src/digits.d.arch.ts')).toContain('export declare const Digits');
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

  test('bundles a worker that imports a model', () => {
    expect(built('worker').filter((name) => /digits-\w+\.onnx$/.test(name))).toHaveLength(1);
    expect(
      programs('worker').some(
        (text) => text.includes('onmessage') || text.includes("addEventListener('message'") || text.includes('addEventListener("message"'),
      ),
    ).toBe(true);
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
