import type { JsonPart } from '../../api/options.js';
import type { Report } from '../../diagnostics/report.js';
import type { Session } from '../session.js';
import { type JsonNode, type JsonObject, parseJson, settingsExample } from './json-tree.js';

/** Settings as they are passed in. */
export interface Settings {
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly setFrom?: string | Readonly<Record<string, unknown>> | undefined;
  readonly config?: string | Readonly<Record<string, unknown>> | undefined;
  readonly setFromFile?: string | undefined;
  readonly configFile?: string | undefined;
  readonly setIn?: JsonPart | undefined;
  readonly setOption?: '--set' | '--to' | undefined;
}

/**
 * Settings that were read but not yet matched with a model. Later ones override earlier ones: the configuration file, the settings in a project file, the settings
 * file, then individual settings.
 */
export interface ReadSettings {
  readonly config: JsonObject | undefined;
  readonly setIn: JsonObject | undefined;
  readonly setFrom: JsonObject | undefined;
  /** Names with the texts of their values. */
  readonly set: readonly (readonly [name: string, text: string])[];
  readonly setOption: string;
}

export const noSettings: ReadSettings = { config: undefined, setIn: undefined, setFrom: undefined, set: [], setOption: '--set' };

/** Reads settings; `undefined` if a file cannot be read, which is reported. */
export function readSettings(session: Session, given: Settings): ReadSettings | undefined {
  const config = readObject(session, given.config, given.configFile ?? '--config');
  const setFrom = readObject(session, given.setFrom, given.setFromFile ?? '--set-from');
  const setIn = given.setIn === undefined ? undefined : readPart(session, given.setIn);
  if (config === 'faulty' || setFrom === 'faulty' || setIn === 'faulty') return undefined;
  return { config, setIn, setFrom, set: Object.entries(given.set ?? {}), setOption: given.setOption ?? '--set' };
}

/** Reads an object that is part of a file, with its places in that file. */
function readPart({ report, limits, loader }: Session, { file, text, start, end }: JsonPart): JsonObject | 'faulty' {
  loader.sources.set(file, text);
  return demandObject(
    parseJson({ file, text: text.slice(start, end), offset: start, example: settingsExample }, report, limits.nesting),
    report,
  );
}

function readObject(session: Session, given: Settings['config'], file: string): JsonObject | undefined | 'faulty' {
  if (given === undefined) return undefined;
  const { report, limits, loader } = session;
  const text = typeof given === 'string' ? given.replace(/^\uFEFF/, '') : jsonText(given);
  if (text === undefined) {
    loader.sources.set(file, '');
    report.add(
      'bad-json',
      { file, start: 0, end: 0 },
      { problem: 'these settings cannot be written as JSON: they contain something that is not a plain value', example: settingsExample },
    );
    return 'faulty';
  }
  if (text.length > limits.sourceLength) {
    loader.sources.set(file, '');
    report.add('settings-too-large', { file, start: 0, end: 0 }, { size: text.length, limit: limits.sourceLength });
    return 'faulty';
  }
  loader.sources.set(file, text);
  return demandObject(parseJson({ file, text, example: settingsExample }, report, limits.nesting), report);
}

function demandObject(node: JsonNode | undefined, report: Report): JsonObject | 'faulty' {
  if (node?.kind === 'object') return node;
  if (node !== undefined)
    report.add('bad-json', node.span, { problem: 'settings are an object: `{ "name": value }`', example: settingsExample });
  return 'faulty';
}

/** An object as JSON; `undefined` for one that contains something JSON cannot represent, such as NaN or itself. */
function jsonText(value: Readonly<Record<string, unknown>>): string | undefined {
  const plain = (_: string, item: unknown): unknown => {
    if (typeof item === 'function' || typeof item === 'symbol' || (typeof item === 'number' && !Number.isFinite(item)))
      throw new TypeError('not JSON');
    return item;
  };
  try {
    return JSON.stringify(value, plain, 2);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
