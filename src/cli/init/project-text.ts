import type { FoundModel } from './find-models.js';

/** A build of a new project. */
export interface NewBuild {
  readonly name: string;
  readonly model: string;
  /** Which model of the file, if it has several. */
  readonly choice: string | undefined;
  readonly isComplete: boolean;
  readonly isCorrect: boolean;
}

/** A build for each model, with unique names. */
export function newBuilds(models: ReadonlyMap<string, readonly FoundModel[]>): readonly NewBuild[] {
  const taken = new Set<string>();
  return [...models].flatMap(([file, found]) =>
    found.map(({ name: model, isComplete, isCorrect }) => {
      const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.arch$/, '');
      const choice = found.length > 1 ? model : undefined;
      const name = freeName(nameOf(choice === undefined ? stem : `${stem}-${model}`), taken);
      return { name, model: file, choice, isComplete, isCorrect };
    }),
  );
}

/** Makes a text the name of a build. */
function nameOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-|-$/g, '') || 'model';
}

/** A name that is not taken. Many systems do not distinguish names of files by case. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${name}-${i}`;
  taken.add(free.toLowerCase());
  return free;
}

/** The text of archc.json. `schema` is the path of its JSON schema, if the package is where editors find it. */
export function projectText(builds: readonly NewBuild[], schema: string | undefined): string {
  const all = builds.map(({ name, model, choice }) => [name, { model, name: choice, out: `dist/${name}.onnx` }]);
  return `${JSON.stringify({ $schema: schema, builds: Object.fromEntries(all) }, undefined, 2)}\n`;
}
