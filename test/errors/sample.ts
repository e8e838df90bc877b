import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from '../../src/diagnostics/diagnostic.js';
import { type Host, HostError } from '../../src/host.js';
import { type CompileOptions, type Emission, type PruneOptions, projectFile } from '../../src/index.js';

/**
 * What the last line of a sample may say after `# test:`, as JSON: how it is compiled and what it should yield. Without it,
 * a sample is checked with its defaults and yields exactly one diagnostic, of the code that its folder is named after.
 */
export interface Expectations extends Omit<CompileOptions, 'limits'> {
  /** Builds the model, too, for codes that checking alone cannot give. */
  readonly build?: boolean;
  /** What the build makes. */
  readonly emit?: readonly Emission[];
  /** Other limits than the defaults, so that samples of limits stay short. */
  readonly limits?: Readonly<Record<string, number>>;
  /** All codes it yields, where it is not the folder's alone. */
  readonly codes?: readonly string[];
  /** The weights file of the build: types and shapes by name (`"F32 [4, 8]"`, or with the value of all elements `"F32 [4] = 1e6"`), a text that is not a weights file, or null for initial values. */
  readonly weights?: Readonly<Record<string, string>> | string | null;
  /** Whether this file is a checkpoint of a training. */
  readonly checkpoint?: boolean;
  readonly skipMismatch?: boolean;
  /** Such files for frozen models of the `train` block. */
  readonly frozen?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Prunes the model, which needs `weights`. */
  readonly prune?: Pick<PruneOptions, 'to' | 'sparsity' | 'only'>;
  readonly map?: Readonly<Record<string, string>>;
  readonly external?: 'auto' | 'always' | 'never';
  /** Shapes of given inputs, as `archc run` gets them: `{"x": [2, 3], "ids": "i64 [2]"}`. */
  readonly inputs?: Readonly<Record<string, readonly number[] | string>>;
  /** The text of archc.json, whose first build is checked. */
  readonly project?: string;
  /** A file that the host refuses to read. */
  readonly unreadable?: string;
}

export interface Sample {
  /** `<code>/<name>` */
  readonly id: string;
  readonly code: string;
  /** Its file name, which is its path for the compiler. */
  readonly file: string;
  /** The folder with this sample and, in `lib/`, the files that it imports. */
  readonly folder: string;
  readonly text: string;
  readonly expect: Expectations;
}

const settings = /^# test: (.*)\n$/m;

/** Every sample below `folder`, in order. */
export function samplesUnder(folder: string): readonly Sample[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: code }) => {
      const place = join(folder, code);
      return readdirSync(place)
        .filter((file) => file.endsWith('.arch'))
        .map((file) => {
          const text = readFileSync(join(place, file), 'utf8');
          const expect: Expectations = JSON.parse(settings.exec(text)?.[1] ?? '{}');
          return { id: `${code}/${file.slice(0, -'.arch'.length)}`, code, file, folder: place, text, expect };
        });
    });
}

/** The sample as a reader sees it: without the line for the test. */
export function shownText(sample: Sample): string {
  return sample.text.replace(settings, '');
}

/** A host over the folder of a sample; `edits` change its files as applied fixes would. */
export function hostOf(sample: Sample, edits: readonly Edit[] = []): Host {
  return {
    read: (path) => {
      if (path === sample.expect.unreadable) throw new HostError('permission denied');
      const file = join(sample.folder, path);
      const text = path === projectFile ? sample.expect.project : existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      const own = edits.filter((edit) => edit.span.file === path);
      return text && applied(text, own);
    },
    resolve: (source, from) => join(from, '..', source),
  };
}

/** Applies edits from the last one to the first, so that offsets stay right. */
function applied(text: string, edits: readonly Edit[]): string {
  const backwards = [...edits].sort((a, b) => b.span.start - a.span.start);
  return backwards.reduce((changed, { span, text: by }) => changed.slice(0, span.start) + by + changed.slice(span.end), text);
}
