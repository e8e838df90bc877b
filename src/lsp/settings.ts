/** What users can choose. The names are those of the settings of the client, without `archc.`. */
export interface Settings {
  readonly inlayHints: {
    /** The shape after each stage of a pipeline. */
    readonly shapes: boolean;
    /** The sizes that a layer infers, such as `In = 400`. */
    readonly sizes: boolean;
    /** The names of arguments that are given by position. */
    readonly arguments: boolean;
  };
  readonly codeLens: boolean;
  /** The build of `archc.json` whose options files are checked with, if they belong to several. */
  readonly build: string | undefined;
}

export const defaultSettings: Settings = {
  inlayHints: { shapes: true, sizes: true, arguments: false },
  codeLens: true,
  build: undefined,
};

/** The settings in what a client sends, which may be anything. What is missing or of another kind has its default. */
export function settingsFrom(value: unknown): Settings {
  const section = record(value);
  const hints = record(section.inlayHints);
  const { shapes, sizes, arguments: args } = defaultSettings.inlayHints;
  return {
    inlayHints: { shapes: flag(hints.shapes, shapes), sizes: flag(hints.sizes, sizes), arguments: flag(hints.arguments, args) },
    codeLens: flag(record(section.codeLens).enabled ?? section.codeLens, defaultSettings.codeLens),
    build: typeof section.build === 'string' && section.build !== '' ? section.build : undefined,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function flag(value: unknown, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}
