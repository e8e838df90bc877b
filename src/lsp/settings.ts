/** What users can choose. The names are those of the settings of the client, below `archc`. */
export interface Settings {
  readonly inlayHints: {
    /** The shape after each stage of a pipeline. */
    readonly shapes: boolean;
    /** The sizes that a layer infers, such as `In = 400`. */
    readonly sizes: boolean;
    /** The names of arguments that are given by position. */
    readonly argumentNames: boolean;
  };
  /** The lines above models. */
  readonly codeLens: { readonly cost: boolean; readonly commands: boolean };
  /** The build of `archc.json` whose options files are checked with, if they belong to several. */
  readonly build: string | undefined;
}

export const defaultSettings: Settings = {
  inlayHints: { shapes: true, sizes: true, argumentNames: true },
  codeLens: { cost: true, commands: true },
  build: undefined,
};

/** The settings in what a client sends, which may be anything. What is missing or of another kind has its default. */
export function settingsFrom(value: unknown): Settings {
  const { inlayHints, codeLens, build } = record(value);
  return {
    inlayHints: flags(inlayHints, defaultSettings.inlayHints),
    codeLens: flags(codeLens, defaultSettings.codeLens),
    build: typeof build === 'string' && build !== '' ? build : undefined,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function flags<F extends Readonly<Record<string, boolean>>>(value: unknown, defaults: F): F {
  const given = record(value);
  const all = Object.entries(defaults).map(([name, fallback]) => [name, typeof given[name] === 'boolean' ? given[name] : fallback]);
  return Object.fromEntries(all) as F;
}
