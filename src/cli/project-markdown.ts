import { buildKeys, keys } from '../project/keys.js';

/** The page docs/project-file.md, with the table that archc reads the file by. */
export function projectMarkdown(): string {
  const rows = buildKeys.map((key) => {
    const { form, help } = keys[key];
    return `| \`${key}\` | ${form?.words ?? 'an object'} | ${help.replaceAll('|', '\\|')} |`;
  });
  return [...beginning, ...rows, '', ...end].join('\n');
}

const beginning = [
  '# The project file',
  '',
  'The table of this page is generated from `src/project/keys.ts`; `npm run test:update` regenerates it.',
  '',
  '`archc.json` says which models a project has and how they are built, so that nobody has to remember the options:',
  '',
  '```json',
  '{',
  '  "$schema": "./node_modules/archc/archc.schema.json",',
  '  "builds": {',
  '    "web": {',
  '      "model": "src/bert.arch",',
  '      "target": "webgpu",',
  '      "set": { "layers": 4 },',
  '      "weights": "weights/bert.safetensors",',
  '      "out": "dist/bert.onnx"',
  '    },',
  '    "server": { "model": "src/bert.arch", "target": "cpu", "out": "dist/server/" }',
  '  }',
  '}',
  '```',
  '',
  'Each build has a name of letters, digits, `_` and `-`. Paths are relative to the file and have `/` between folders, on Windows too; they may',
  'leave the folder of the file. `$schema` is for editors, which then complete keys and mark mistakes.',
  '',
  '## Keys of a build',
  '',
  'Only `model` is needed. The other keys have the names of the [library options](library.md); `name` is the option `model`.',
  '',
  '| key | value | |',
  '| --- | --- | --- |',
];

const end = [
  'The values of `set` are JSON, as in a file of `--set-from`: a number, a text, `true`, `false`, a list, `null` for `none`, the name of a function, or an object',
  'for a record. `"rope.theta"` sets one field.',
  '',
  'A key that archc does not know is [an error](errors/unknown-project-key.md), as is [a value that a key cannot have](errors/project-value.md), a key that appears twice, and an `out` that',
  '[two builds share](errors/shared-output.md). Messages show the line of `archc.json`. The file is UTF-8 without comments; a byte order mark is ignored.',
  '',
  '## In a program',
  '',
  '```ts',
  "import { optionsOf, readProject } from 'archc';",
  "import { buildFile, buildsOf, createNodeHost, findProject } from 'archc/node';",
  '',
  'const host = createNodeHost();',
  "const path = findProject('.'); // the nearest archc.json, or undefined",
  'if (path !== undefined) {',
  '  const { project, diagnostics } = readProject(path, host);',
  "  for (const build of project ? buildsOf(project, 'src/bert.arch') : []) await buildFile(build.file, build.out, optionsOf(build, host));",
  '}',
  '```',
  '',
  '`readProject` and `optionsOf` also work in a browser, with the files of any [host](library.md#where-files-come-from).',
  '',
];
