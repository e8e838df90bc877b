import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from '../../src/diagnostics/diagnostic.js';
import type { Host } from '../../src/host.js';

/**
 * What the first line of a sample may say after `# test:`, as JSON: how it is compiled and what it should yield. Without it,
 * a sample is checked with its defaults and yields exactly one diagnostic of the code that its folder is named after.
 */
export interface Expectations {
  /** Build the model, too: for codes that checking alone cannot give. */
  readonly build?: boolean;
  readonly model?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly with?: readonly string[];
  readonly strict?: boolean;
  readonly opset?: number;
  readonly target?: string;
  readonly dtype?: string;
  /** Other limits than the defaults, so that samples of limits stay short. */
  readonly limits?: Readonly<Record<string, number>>;
  /** All codes it yields, where it is not the folder's alone. */
  readonly codes?: readonly string[];
  /** Shapes of given inputs, `archc run` being meant: `{"x": [2, 3], "ids": "i64 [2]"}`. */
  readonly inputs?: Readonly<Record<string, readonly number[] | string>>;
  readonly bind?: Readonly<Record<string, number>>;
}

export interface Sample {
  readonly code: string;
  readonly name: string;
  /** The folder with this sample and the files that it imports. */
  readonly folder: string;
  readonly text: string;
  readonly expect: Expectations;
}

/** Files that samples import lie in folders called `lib`, so that they are not taken for samples. */
export function samplesUnder(folder: string): readonly Sample[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: code }) => {
      const place = join(folder, code);
      return readdirSync(place)
        .filter((file) => file.endsWith('.arch'))
        .map((file) => {
          const text = readFileSync(join(place, file), 'utf8');
          const [, json = '{}'] = /^# test: (.*)$/m.exec(text.slice(0, text.indexOf('\n'))) ?? [];
          const expect: Expectations = JSON.parse(json);
          return { code, name: file.slice(0, -'.arch'.length), folder: place, text, expect };
        });
    });
}

/** A host over the folder of a sample; `edits` change its files as applied fixes would. */
export function hostOf(sample: Sample, edits: readonly Edit[] = []): Host {
  return {
    read: (path) => {
      const file = join(sample.folder, path);
      return existsSync(file) ? applied(readFileSync(file, 'utf8'), edits.filter((edit) => edit.span.file === path)) : undefined;
    },
    resolve: (source, from) => join(from, '..', source),
  };
}

function applied(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.span.start - a.span.start).reduce((changed, { span, text: by }) => changed.slice(0, span.start) + by + changed.slice(span.end), text);
}
