import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../src/diagnostics/catalog.js';
import type { Op } from '../src/ops/define.js';

const root = resolve(import.meta.dirname, '..');

/** What `archc/runtime` is in Node and in browsers, and the workers that it starts. */
const runtimeEntries = ['src/runtime.ts', 'src/runtime-worker.ts', 'src/runtime-browser.ts', 'src/runtime-browser-worker.ts'];

/** What `archc/register` is, and the process that builds for it. */
const nodeLoader = ['src/register.ts', 'src/register-hooks.ts', 'src/register-child.ts'];

/** The phases from the ground up: a file imports from its own layer or from below. A file belongs to the first layer that names it or its folder. */
const layers: readonly (readonly string[])[] = [
  [
    'src/diagnostics',
    'src/dims',
    'src/lists.ts',
    'src/quantities.ts',
    'src/snapshot-map.ts',
    'src/name-patterns.ts',
    'src/standard-file.ts',
    'src/host.ts',
    'src/json-reader.ts',
    'src/once.ts',
    'src/version.ts',
    'src/stdlib.generated.ts',
  ],
  ['src/ops'],
  ['grammar', 'src/1-syntax'], // the grammar builds the tree, and `parse` runs the grammar
  ['src/limits.ts', 'src/limit-table.ts', 'src/stdlib.ts', 'src/stdlib-trees.ts'],
  ['src/api'], // plain data, from which the layers above make what the library shows
  ['src/module'], // texts made of that plain data
  ['src/2-check'],
  ['src/3-graph'],
  ['src/4-train'],
  ['src/5-optimize'],
  ['src/6-emit'],
  ['src/prune'],
  ['src/runtime/pure'],
  ['src/demand-options.ts'],
  ['src/project'],
  ['src/stages.ts', 'src/training.ts'],
  ['src/lowered-entries.ts', 'src/option-place.ts'],
  ['src/compile.ts', 'src/file-types.ts', 'src/check.ts', 'src/memory-host.ts'],
  ['src/prepare-model.ts', 'src/check-module.ts', 'src/artifacts.ts', 'src/format.ts', 'src/fix-all.ts'],
  [
    'src/describe-model.ts',
    'src/training-files.ts',
    'src/training-cost.ts',
    'src/model-manifest.ts',
    'src/module-files.ts',
    'src/build.ts',
    'src/prune-model.ts',
  ],
  ['src/graph-view'],
  ['src/data'],
  ['src/ide'],
  ['src/index.ts'],
  ['src/node', 'src/node.ts', 'src/runtime', ...runtimeEntries],
  ['src/lsp', 'src/lsp-worker.ts'],
  ['src/bundler', ...nodeLoader],
  ['src/cli'],
  ['playground'],
];

/** The folders and files that may touch the world outside, apart from the folders in them that must not. */
const impure = [
  'src/cli',
  'src/lsp',
  'src/lsp-worker.ts',
  'src/bundler',
  ...nodeLoader,
  'src/runtime',
  ...runtimeEntries,
  'src/node',
  'src/node.ts',
  'playground',
  'src/graph-view/page', // it is what a page runs: it draws, and hears keys and pointers
];
const pureInside = ['src/runtime/pure'];

/** The folders and files that `src/runtime` is shipped with: a page that runs or trains a model does not load the compiler. */
const shippedWithRuntime = [
  'src/runtime/pure',
  'src/6-emit',
  'src/ops',
  'src/dims',
  'src/diagnostics',
  'src/host.ts',
  'src/lists.ts',
  'src/quantities.ts',
  'src/json-reader.ts',
  'src/once.ts',
  'src/memory-host.ts',
];

/** State outside functions, each with the reason why it does not affect compilations. */
const allowedState: Readonly<Record<string, string>> = {
  'src/stdlib.ts': 'a cache of syntax trees, which depend on nothing but constants',
};

const files = ['src', 'grammar', 'playground'].flatMap((folder) => filesUnder(join(root, folder))).filter((file) => file.endsWith('.ts'));
const sources = new Map(files.map((file) => [relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function layerOf(path: string): number {
  return layers.findIndex((places) => places.some((place) => isIn(path, place)));
}

interface Import {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  for (const [, clause = '', target = ''] of text.matchAll(/^(?:import|export)\s+([^'";]*?\s*from\s+)?'(\.[^']+)'/gm)) {
    // What a bundler makes of a model is not a source.
    if (/\.arch(?:\?|$)/.test(target)) continue;
    const names = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
    const isTypeOnly = clause.startsWith('type ') || (names.trim() !== '' && names.split(',').every((name) => /^\s*(type\s|$)/.test(name)));
    found.push({ target: posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts'), isTypeOnly });
  }
  return found;
}

/** What is loaded only when it is needed. */
function lazyImportsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/\bimport\('(\.[^']+)'\)/g)].map(([, target = '']) =>
    posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts'),
  );
}

/** The code without comments and string contents, so that words in prose do not count. */
function codeOf(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[\s;{}(,])\/\/.*$/gm, '$1')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, '``');
}

test('every source file belongs to a layer', () => {
  expect([...sources.keys()].filter((path) => layerOf(path) < 0)).toEqual([]);
});

test('imports point down', () => {
  const wrong: string[] = [];
  for (const [path, text] of sources) {
    for (const { target } of importsOf(path, text)) {
      expect(sources.has(target), `${path} imports ${target}, which does not exist`).toBe(true);
      if (layerOf(target) > layerOf(path)) wrong.push(`${path} imports ${target}`);
    }
    for (const target of lazyImportsOf(path, text)) if (layerOf(target) > layerOf(path)) wrong.push(`${path} imports ${target}`);
  }
  expect(wrong).toEqual([]);
});

test('there are no import cycles', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const { target, isTypeOnly } of importsOf(path, sources.get(path) ?? '')) if (!isTypeOnly) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of sources.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test('types refer to each other in cycles of at most three files', () => {
  const targets = new Map([...sources].map(([path, text]) => [path, importsOf(path, text).map(({ target }) => target)]));
  const cycles = [...groupsOf(targets)].flatMap((group) => longCycle(group, targets) ?? []);
  expect(cycles).toEqual([]);
});

/** The sets of more than three files that all need each other, directly or not. */
function groupsOf(targets: ReadonlyMap<string, readonly string[]>): ReadonlySet<ReadonlySet<string>> {
  const reached = new Map([...targets.keys()].map((path) => [path, reachable(path, targets)]));
  const groups = new Map<string, ReadonlySet<string>>();
  for (const [path, others] of reached) {
    const group = new Set([...others].filter((other) => reached.get(other)?.has(path) === true).sort());
    if (group.size > 3) groups.set([...group].join(), group);
  }
  return new Set(groups.values());
}

function reachable(start: string, targets: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const todo = [start];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    for (const target of targets.get(path) ?? []) {
      if (found.has(target)) continue;
      found.add(target);
      todo.push(target);
    }
  }
  return found;
}

/** A cycle of more than three files in a group, as text. */
function longCycle(group: ReadonlySet<string>, targets: ReadonlyMap<string, readonly string[]>): string | undefined {
  const extend = (trail: readonly string[]): string | undefined => {
    for (const target of targets.get(trail.at(-1) ?? '') ?? []) {
      if (target === trail[0] && trail.length > 3) return [...trail, target].join(' -> ');
      const found = group.has(target) && !trail.includes(target) ? extend([...trail, target]) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const path of group) {
    const found = extend([path]);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('the core runs anywhere', () => {
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ['require', /(?<![.\w])require\s*\(/],
    ['process', /(?<![.\w-])process\s*[.[]/],
    ['console', /(?<![.\w])console\s*\./],
    ['Buffer', /(?<![.\w])Buffer\b/],
    ['the DOM', /(?<![.\w])(?:window|document|navigator|localStorage|globalThis)\s*[.[]/],
    ['the network', /(?<![.\w])(?:fetch|XMLHttpRequest|WebSocket|Worker)\s*\(/],
    ['a clock', /\bDate\.now\b|\bnew Date\b|(?<![.\w])performance\s*\.|(?<![.\w])set(?:Timeout|Interval|Immediate)\s*\(/],
    ['chance', /\bMath\.random\b/],
    ['the locale', /\.(?:localeCompare|toLocale\w+)\s*\(|(?<![.\w])Intl\s*\./],
  ];
  const isCore = (path: string): boolean => pureInside.some((place) => isIn(path, place)) || !impure.some((place) => isIn(path, place));
  const core = [...sources].filter(([path]) => isCore(path));

  test('and what is pure about running a model is part of it', () => {
    expect(core.map(([path]) => path)).toContain('src/runtime/pure/feeds.ts');
  });

  test.each(forbidden)('without %s', (_, pattern) => {
    expect(core.filter(([, text]) => pattern.test(codeOf(text))).map(([path]) => path)).toEqual([]);
  });

  test('without modules of Node', () => {
    expect(core.filter(([, text]) => /\bfrom '(?:node:|fs\b|path\b)|\bimport\('node:/.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('without state outside functions', () => {
    const state =
      /^(?:export )?(?:let|var)\s|^(?:export )?const \w+(?:: (?!readonly |Readonly)[^=]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\]|\{\});/m;
    expect([...sources].filter(([, text]) => state.test(codeOf(text))).map(([path]) => path)).toEqual(Object.keys(allowedState));
  });
});

describe('src/runtime/pure', () => {
  const own = [...sources].filter(([path]) => isIn(path, 'src/runtime/pure'));

  test('needs no package', () => {
    expect(own.filter(([, text]) => /\bfrom '[^.]|\bimport\('/.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('does not load the compiler', () => {
    expect(loadedBy(own.map(([path]) => path)).filter((path) => !isShipped(path))).toEqual([]);
  });
});

describe('archc/runtime', () => {
  test('does not load the compiler', () => {
    const own = (path: string) => ['src/runtime', 'src/runtime.ts', 'src/runtime-worker.ts', 'src/node'].some((place) => isIn(path, place));
    expect(loadedBy(['src/runtime.ts', 'src/runtime-worker.ts']).filter((path) => !isShipped(path) && !own(path))).toEqual([]);
  });

  test('loads nothing of Node in a browser', () => {
    const entries = ['src/runtime-browser.ts', 'src/runtime-browser-worker.ts'];
    const loaded = loadedBy(entries);
    expect(loaded).toContain('src/runtime/trainer/trainer.ts');
    const own = (path: string) => isIn(path, 'src/runtime') || entries.includes(path);
    expect(loaded.filter((path) => !isShipped(path) && !own(path))).toEqual([]);
    expect(loaded.filter((path) => /\bfrom 'node:|\bimport\('node:|onnxruntime-node'/.test(sources.get(path) ?? ''))).toEqual([]);
  });
});

/** All files that are loaded when these are or later, in any order. */
function loadedBy(paths: readonly string[]): readonly string[] {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    const text = sources.get(path) ?? '';
    for (const { target, isTypeOnly } of importsOf(path, text)) if (!isTypeOnly) load(target);
    for (const target of lazyImportsOf(path, text)) load(target);
  };
  for (const path of paths) load(path);
  return [...loaded];
}

function isShipped(path: string): boolean {
  return shippedWithRuntime.some((place) => isIn(path, place));
}

test('every operator is in ops/index.ts, or in ops/internal.ts', async () => {
  const { ops } = await import('../src/ops/index.js');
  const { internalOps } = await import('../src/ops/internal.js');
  const known = [...ops, ...internalOps];
  const missing: string[] = [];
  for (const path of sources.keys()) {
    if (!/^src\/ops\/[^/]+\//.test(path)) continue;
    const exported: Record<string, unknown> = await import(join(root, path));
    const operators = Object.values(exported).filter(isOperator);
    for (const op of operators) if (!known.includes(op)) missing.push(`${op.name} in ${path}`);
  }
  expect(missing).toEqual([]);
});

function isOperator(value: unknown): value is Op {
  return (
    typeof value === 'object' &&
    value !== null &&
    'infer' in value &&
    'kind' in value &&
    (value.kind === 'core' || value.kind === 'composite')
  );
}

/** Places of the catalog that look into a text, each with the reason why the text is not data of archc. */
const readTexts: readonly string[] = [
  '/^\\d/.test(p.name)', // a name as the user wrote it
];

test('messages are made from values: nothing takes a printed size, message or name apart', () => {
  const taken = /[^\s(]*\.(?:test|exec|match|matchAll|startsWith|endsWith|includes|replace|replaceAll|split)\([^)]*\)/g;
  const found = [...sources].filter(([path]) => path.startsWith('src/diagnostics/catalog')).flatMap(([, text]) => text.match(taken) ?? []);
  expect(found).toEqual(readTexts);
  const elsewhere = [...sources].filter(
    ([path, text]) => path.startsWith('src/2-check') && /\b(?:message|note\.text|label)\.(?:startsWith|includes|match)/.test(text),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});

test('every pass is in the pipeline', () => {
  const passes = [...sources.keys()].filter((path) => /^src\/5-optimize\/(?:passes|fusions)\//.test(path));
  const pipeline = importsOf('src/5-optimize/pipeline.ts', sources.get('src/5-optimize/pipeline.ts') ?? '').map(({ target }) => target);
  expect(passes.filter((path) => !pipeline.includes(path))).toEqual([]);
});

describe('diagnostics', () => {
  const codes = Object.keys(catalog).sort();
  const folders = (place: string): string[] =>
    readdirSync(join(root, place), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();

  test('every code has a sample, and every folder of samples a code', () => {
    expect(folders('test/errors')).toEqual(codes);
  });

  test('every code has a page, and every page a code', () => {
    const pages = readdirSync(join(root, 'docs/errors'))
      .filter((name) => name.endsWith('.md') && name !== 'README.md')
      .map((name) => name.slice(0, -3))
      .sort();
    expect(pages).toEqual(codes);
  });

  test('every code is said somewhere', () => {
    const all = [...sources]
      .filter(([path]) => !isIn(path, 'src/diagnostics/catalog'))
      .map(([, text]) => text)
      .join('\n');
    expect(codes.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });
});

/** Calls with an argument for each item of a list that is short whatever the user writes, each with the reason. */
const shortLists: Readonly<Record<string, string>> = {
  'src/dims/bounds.ts': 'the four products or quotients of two intervals',
  'src/diagnostics/render-terminal.ts': 'the two rows of a table, and the marks of one message',
  'src/cli/help.ts': 'options and commands of archc itself',
};

test('no call has an argument for each item of a list of any length: the stack has room for some 100,000', () => {
  const spread =
    /\.(?:push|unshift|splice)\((?:[^()\n]*, )?\.\.\.|Math\.(?:max|min|hypot)\((?:[^()\n]*, )?\.\.\.|fromC(?:harCode|odePoint)\(\.\.\.(?!start\.subarray\(0, 6\))/;
  const found = [...sources].filter(([, text]) => spread.test(codeOf(text))).map(([path]) => path);
  expect(found.sort()).toEqual(Object.keys(shortLists).sort());
});

test('no file has more than 400 lines', () => {
  const long = [...sources].filter(([, text]) => text.split('\n').length - 1 > 400).map(([path]) => path);
  expect(long).toEqual([]);
});

test('the median file has 150 lines at most', () => {
  const lengths = [...sources]
    .filter(([path]) => !path.endsWith('.generated.ts'))
    .map(([, text]) => text.split('\n').length)
    .sort((a, b) => a - b);
  expect(lengths[lengths.length >> 1]).toBeLessThanOrEqual(150);
});

test('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(sources.get('src/version.ts')).toContain(`version = '${version}'`);
});
