/** What the extension knows of a build of `archc.json`. */
export interface Build {
  readonly name: string;
  /** The path of its source file, as it is written. */
  readonly model: string;
  /** Which model of that file; absent if the file has only one. */
  readonly only?: string;
  readonly target: string;
}

const nameOfBuild = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;

/** Whether a text from a file or setting can be the name of a build: nothing else is given to the command line or shown as one. */
export function isBuildName(text: string): boolean {
  return nameOfBuild.test(text);
}

/** The builds in the text of an `archc.json`. What archc would reject is left out: its messages come from archc. */
export function buildsOf(text: string): readonly Build[] {
  const builds = memberOf(parsed(text), 'builds');
  if (typeof builds !== 'object' || builds === null) return [];
  return Object.entries(builds).flatMap(([name, build]: [string, unknown]) => {
    const model = memberOf(build, 'model');
    const target = memberOf(build, 'target');
    const only = memberOf(build, 'name');
    if (!isBuildName(name) || typeof model !== 'string') return [];
    return [
      {
        name,
        model,
        ...(typeof only === 'string' ? { only } : {}),
        target: typeof target === 'string' && /^\w+$/.test(target) ? target : 'portable',
      },
    ];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
