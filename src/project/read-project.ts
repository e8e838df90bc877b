import { type JsonMember, type JsonNode, type JsonObject, parseJson } from '../2-check/settings/json-tree.js';
import { describeJson } from '../2-check/settings/json-values.js';
import { type BuildFileOptions, type JsonPart, placedOptions } from '../api/options.js';
import type { Project, ProjectBuild, ProjectResult } from '../api/project.js';
import { plainDiagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { suggest } from '../diagnostics/suggest.js';
import { type Host, HostError } from '../host.js';
import { defaultLimits, type Limits } from '../limits.js';
import type { FormReading, Wanted } from './forms.js';
import { type BuildKey, buildKeys, buildName, isBuildKey, keys } from './keys.js';

/** The name of a project file. */
export const projectFile = 'archc.json';

const example = 'a project file is JSON: `{ "builds": { "web": { "model": "model.arch" } } }`';

/**
 * Reads a project file. Mistakes in it are diagnostics; paths in it are relative to it. Throws `HostError` if it cannot be read.
 */
export function readProject(path: string, host: Host, given: Partial<Limits> = {}): ProjectResult {
  const limits: Limits = { ...defaultLimits, ...given };
  const text = host.read(path)?.replace(/^\uFEFF/, '');
  if (text === undefined) throw new HostError(`${path} does not exist`);
  const sources = new Map([[path, text]]);
  const report = new Report(limits.diagnostics, sources);
  const builds = new ProjectReader(path, text, host, report).builds(limits);
  const project: Project | undefined = report.hasErrors ? undefined : { path, builds };
  return { diagnostics: report.diagnostics.map(plainDiagnostic), failed: report.hasErrors, sources, project };
}

class ProjectReader {
  readonly #path: string;
  readonly #text: string;
  readonly #host: Host;
  readonly #report: Report;

  constructor(path: string, text: string, host: Host, report: Report) {
    this.#path = path;
    this.#text = text;
    this.#host = host;
    this.#report = report;
  }

  builds(limits: Limits): readonly ProjectBuild[] {
    const [file, text] = [this.#path, this.#text];
    if (text.length > limits.sourceLength) {
      this.#report.add('settings-too-large', { file, start: 0, end: 0 }, { size: text.length, limit: limits.sourceLength });
      return [];
    }
    const root = parseJson({ file, text, example }, this.#report, limits.nesting);
    if (root === undefined) return [];
    if (root.kind !== 'object') {
      this.#report.add('bad-json', start(root), { problem: `a project file is an object, not ${describeJson(root)}`, example });
      return [];
    }
    for (const [key, member] of root.members)
      if (key !== 'builds' && key !== '$schema') this.#unknownKey(key, member, root, ['builds', '$schema']);
    const schema = root.members.get('$schema')?.value;
    if (schema !== undefined && schema.kind !== 'string') this.#refuse('$schema', schema, { words: 'a string' });
    const builds = root.members.get('builds')?.value;
    if (builds === undefined) this.#report.add('missing-project-key', start(root), { key: 'builds', build: undefined });
    else if (builds.kind === 'object') return this.#all(builds);
    else this.#refuse('builds', builds, { words: 'an object with a build under each name' });
    return [];
  }

  #all(object: JsonObject): readonly ProjectBuild[] {
    const builds: ProjectBuild[] = [];
    const outputs = new Map<string, ProjectBuild>();
    for (const [name, { keySpan, value }] of object.members) {
      if (!new RegExp(buildName).test(name)) this.#report.add('build-name', keySpan, { name });
      else if (value.kind === 'object') {
        const build = this.#build(name, keySpan, value);
        if (build === undefined) continue;
        this.#refuseSharedOutput(build, outputs);
        builds.push(build);
      } else this.#refuse(name, value, { words: 'an object with the settings of a build' });
    }
    return builds;
  }

  #build(name: string, span: Span, object: JsonObject): ProjectBuild | undefined {
    const read = new Map<BuildKey, unknown>();
    for (const [key, member] of object.members) {
      if (isBuildKey(key)) read.set(key, this.#value(key, member.value));
      else this.#unknownKey(key, member, object, buildKeys, name);
    }
    if (!object.members.has('model')) this.#report.add('missing-project-key', span, { key: 'model', build: name });
    const { model, name: wanted, out, config, set, ...options } = Object.fromEntries(read);
    if (typeof model !== 'string') return undefined;
    return {
      name,
      span: object.members.get('out')?.value.span ?? span,
      file: model,
      out: this.#outputOf(model, out),
      config: typeof config === 'string' ? config : undefined,
      // The table of keys gives each option its type.
      options: defined({ ...options, model: wanted, setIn: set, writtenIn: this.#places(object) }) as BuildFileOptions,
    };
  }

  /** Undefined for a value that cannot be used, which is reported. */
  #value(key: BuildKey, node: JsonNode): unknown {
    const { form } = keys[key];
    const reading: FormReading = {
      resolve: (path) => this.#host.resolve(path, this.#path),
      refuse: (wrong, wanted) => this.#refuse(key, wrong, wanted),
    };
    if (form !== undefined) return form.read(node, reading);
    if (node.kind !== 'object') return this.#refuse(key, node, { words: 'an object with a value for each hyperparameter' });
    return this.#part(node);
  }

  /** Where the values are about which messages speak. */
  #places({ members }: JsonObject): BuildFileOptions['writtenIn'] {
    const found = placedOptions.flatMap((key) => {
      const node = members.get(key)?.value;
      return node === undefined ? [] : [[key, this.#part(node)] as const];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }

  #part({ span: { start, end } }: JsonNode): JsonPart {
    return { file: this.#path, text: this.#text, start, end };
  }

  #outputOf(model: string, out: unknown): string {
    const beside = model.replace(/\.arch$/, '.onnx');
    if (typeof out !== 'string') return beside;
    const written = out.endsWith('/') ? out + beside.slice(beside.lastIndexOf('/') + 1) : out;
    return this.#host.resolve(written, this.#path);
  }

  /** Refuses a second build with the same output. Paths that differ only in case are the same on many file systems. */
  #refuseSharedOutput(build: ProjectBuild, outputs: Map<string, ProjectBuild>): void {
    const key = build.out.toLowerCase();
    const other = outputs.get(key);
    outputs.set(key, other ?? build);
    if (other === undefined) return;
    const notes = [{ span: other.span, text: `\`${other.name}\` writes it, too` }];
    this.#report.add('shared-output', build.span, { build: build.name, other: other.name, file: build.out }, { notes });
  }

  /** Reports an unknown key. Keys that are already there are not suggested. */
  #unknownKey(key: string, { keySpan }: JsonMember, { members }: JsonObject, known: readonly string[], build?: string): void {
    const near = suggest(
      key,
      known.filter((name) => !members.has(name)),
    );
    const fixes = near.map((name) => ({ title: `write "${name}"`, edits: [{ span: keySpan, text: JSON.stringify(name) }] }));
    this.#report.add('unknown-project-key', keySpan, { key, build, known, near }, { fixes: fixes.length === 1 ? fixes : [] });
  }

  #refuse(key: string, node: JsonNode, { words: wanted, choices = [], part }: Wanted): undefined {
    const near = node.kind === 'string' ? suggest(node.value, choices) : [];
    this.#report.add('project-value', start(node), { key, part, wanted, got: describeJson(node), near });
    return undefined;
  }
}

/** Where to mark a value: for an object or an array, only its opening bracket, because the whole would be too long to show. */
function start({ kind, span }: JsonNode): Span {
  return kind === 'object' || kind === 'array' ? { ...span, end: span.start + 1 } : span;
}

/** Leaves out undefined values, so that defaults stay defaults. */
function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The options of a build, with the text of its `config`. Throws `HostError` if that cannot be read. */
export function optionsOf({ config, options }: ProjectBuild, host: Host): BuildFileOptions {
  if (config === undefined) return options;
  const text = host.read(config);
  if (text === undefined) throw new HostError(`${config} does not exist`);
  return { ...options, config: text, configFile: config };
}
