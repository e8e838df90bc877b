import type { ModelManifest } from '../api/model-manifest.js';
import { docComment, docOfTraining, headerOf } from './comments.js';
import { literal, propertyKey } from './literal.js';
import type { ModuleContents } from './module-types.js';
import { exportedName, localName, quoted } from './names.js';

/** The files that a module loads, by their names, each with the JavaScript expression for its place or content. */
export interface ModuleAssets {
  readonly model: ReadonlyMap<string, string>;
  readonly training: ReadonlyMap<string, string>;
  /** The expression for the manifest of the training, or for its place. */
  readonly manifest?: string | undefined;
}

/** The JavaScript of a module. Bundlers leave out functions that nobody calls, with the files in them. */
export function moduleCode({ source, model, training }: ModuleContents, assets: ModuleAssets): string {
  const imports = training === undefined ? 'Model' : 'Model, Trainer';
  const local = localName(model.name);
  const lines = [
    headerOf(source),
    `import { ${imports} } from 'archc/runtime';`,
    '',
    ...filesOf('modelFiles', assets.model),
    '',
    `const modelManifest = () => (${literal(withoutDocs(model))});`,
    '',
    ...docComment(model.doc === undefined ? [] : [model.doc]),
    `${model.name === local ? 'export ' : ''}const ${local} = {`,
    '  create: ({ files, ...options } = {}) => Model.load({ ...modelFiles(), ...files }, modelManifest(), options),',
    '};',
    ...exported(model.name, local),
  ];
  if (training !== undefined && assets.manifest !== undefined) {
    const { name } = training;
    const trained = localName(name, local);
    lines.push(
      '',
      ...filesOf('trainingFiles', assets.training),
      '',
      ...docComment(docOfTraining(training)),
      `${name === trained ? 'export ' : ''}const ${trained} = {`,
      `  create: (options) => Trainer.load(trainingFiles(), ${assets.manifest}, options),`,
      '};',
      ...exported(name, trained),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Programs have the doc comments from the declarations. */
function withoutDocs(model: ModelManifest): ModelManifest {
  const entries = model.entries.map((entry) => ({ ...entry, signature: { ...entry.signature, doc: undefined } }));
  return { ...model, doc: undefined, entries };
}

function filesOf(name: string, files: ReadonlyMap<string, string>): readonly string[] {
  return [`const ${name} = () => ({`, ...[...files].map(([file, place]) => `  ${propertyKey(file)}: ${place},`), '});'];
}

/** The place of a file in the folder of the module. Bundlers know the form `new URL(..., import.meta.url)`, and include the file. */
export function placeBeside(file: string): string {
  return `new URL(${quoted(`./${encodeURIComponent(file)}`)}, import.meta.url)`;
}

function exported(name: string, local: string): readonly string[] {
  return name === local ? [] : ['', `export { ${local} as ${exportedName(name)} };`];
}
