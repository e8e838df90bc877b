import type { JsonNode } from '../2-check/settings/json-tree.js';

/** What a value may be, and how it is read. */
export interface Form<T> {
  /** The value in words, for messages and docs: `one of cpu, cuda`. */
  readonly words: string;
  /** The plural, after `a list of`: `paths`. */
  readonly many: string;
  /** The same as JSON schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined for a value that cannot be used, which is reported. */
  read(node: JsonNode, reading: FormReading): T | undefined;
}

/** What reading a value needs to know about the file around it. */
export interface FormReading {
  /** Resolves a path in the file. */
  resolve(path: string): string;
  /** Reports a value that is not as it should be. */
  refuse(node: JsonNode, wanted: Wanted): undefined;
}

/** What a value should be. */
export interface Wanted {
  readonly words: string;
  /** The only values that are allowed, if there are few. */
  readonly choices?: readonly string[];
  /** For a value inside the value of a key: what it is, as text before the name of the key. */
  readonly part?: string;
}

/** Without control characters: otherwise the mistake would only show up in the file system. */
const plain = '^[^\\u0000-\\u001f\\u007f]+$';

export const text: Form<string> = pattern('a string', 'strings', plain);

/** Written with `/`, which every system understands, so that a project is the same on all of them. */
export const plainPath = '^[^\\u0000-\\u001f\\u007f\\\\]+$';

const path = pattern('a path with `/` between folders', 'paths with `/` between folders', plainPath);

export const file: Form<string> = resolved(path);

export const source: Form<string> = resolved(
  pattern('the path of an .arch file, with `/` between folders', 'paths of .arch files', '^[^\\u0000-\\u001f\\u007f\\\\]*\\.arch$'),
);

/** A file or a folder. Which of the two it is must not depend on what exists, so that two builds that write the same file are always found. */
export const output: Form<string> = pattern(
  'the path of an .onnx file, or of a folder with a `/` at its end',
  'paths of .onnx files or folders',
  '^[^\\u0000-\\u001f\\u007f\\\\]*(?:\\.onnx|/)$',
);

export const flag: Form<boolean> = {
  words: 'true or false',
  many: 'true and false',
  schema: { type: 'boolean' },
  read: (node, reading) => (node.kind === 'bool' ? node.value : reading.refuse(node, flag)),
};

export function oneOf<T extends string>(choices: readonly T[]): Form<T> {
  const many = choices.map((choice) => `"${choice}"`).join(', ');
  const words = choices.length === 1 ? many : `one of ${many}`;
  return {
    words,
    many,
    schema: { enum: choices },
    read(node, reading) {
      const found = node.kind === 'string' ? choices.find((choice) => choice === node.value) : undefined;
      return found ?? reading.refuse(node, { words, choices });
    },
  };
}

export function integer({ min, max }: { readonly min: number; readonly max?: number }): Form<number> {
  const range = max === undefined ? `from ${min}` : `from ${min} to ${max}`;
  const words = `a whole number ${range}`;
  return {
    words,
    many: `whole numbers ${range}`,
    schema: { type: 'integer', minimum: min, maximum: max ?? Number.MAX_SAFE_INTEGER },
    read(node, reading) {
      const isInside = node.kind === 'number' && Number.isSafeInteger(node.value) && node.value >= min && node.value <= (max ?? node.value);
      return isInside ? node.value : reading.refuse(node, { words });
    },
  };
}

/** A whole number from a fixed set. */
export function numberOf<T extends number>(choices: readonly T[]): Form<T> {
  const words = `one of ${choices.join(', ')}`;
  return {
    words,
    many: `numbers that are each ${words}`,
    schema: { enum: choices },
    read: (node, reading) => choices.find((choice) => node.kind === 'number' && node.value === choice) ?? reading.refuse(node, { words }),
  };
}

export function list<T>(item: Form<T>): Form<readonly T[]> {
  const words = `a list of ${item.many}`;
  return {
    words,
    many: 'lists',
    schema: { type: 'array', items: item.schema },
    read(node, reading) {
      if (node.kind !== 'array') return reading.refuse(node, { words });
      return allOf(node.items.map((one) => item.read(one, partly(reading, 'an item of '))));
    },
  };
}

/** On a command line, `=` and `,` end a name. */
const name = '^[^\\u0000-\\u0020\\u007f=,]+$';

/** An object whose keys are names. With `Object.fromEntries`, even `__proto__` is a key like any other. */
export function byName<T>(value: Form<T>): Form<Readonly<Record<string, T>>> {
  const words = `an object with ${value.many} by name`;
  const nameForm = pattern('without blanks, `=` and `,`', 'names', name);
  return {
    words,
    many: 'objects',
    schema: { type: 'object', additionalProperties: value.schema, propertyNames: { pattern: name } },
    read(node, reading) {
      if (node.kind !== 'object') return reading.refuse(node, { words });
      const entries = [...node.members].map(([key, { keySpan, value: inner }]) => {
        const named = nameForm.read({ kind: 'string', value: key, span: keySpan }, partly(reading, 'each name in '));
        const read = value.read(inner, partly(reading, `${JSON.stringify(key)} in `));
        return named === undefined || read === undefined ? undefined : ([named, read] as const);
      });
      const all = allOf(entries);
      return all && Object.fromEntries(all);
    },
  };
}

/** The reading of a part of a value. */
function partly(reading: FormReading, part: string): FormReading {
  return { ...reading, refuse: (node, wanted) => reading.refuse(node, { ...wanted, part }) };
}

/** Undefined if any of the values is. */
function allOf<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const found = values.filter((value) => value !== undefined);
  return found.length === values.length ? found : undefined;
}

function pattern(words: string, many: string, regex: string): Form<string> {
  return {
    words,
    many,
    schema: { type: 'string', pattern: regex },
    read: (node, reading) => (node.kind === 'string' && new RegExp(regex).test(node.value) ? node.value : reading.refuse(node, { words })),
  };
}

function resolved(form: Form<string>): Form<string> {
  return {
    ...form,
    read(node, reading) {
      const written = form.read(node, reading);
      return written === undefined ? undefined : reading.resolve(written);
    },
  };
}
