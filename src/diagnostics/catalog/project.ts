import { error } from './entry.js';

/** A project file, `archc.json`. */
export const projectCatalog = {
  'unknown-project-key': error((p: { key: string; build: string | undefined; known: readonly string[]; near: readonly string[] }) => ({
    message: `${p.build === undefined ? 'a project file' : 'a build'} has no key ${JSON.stringify(p.key)}`,
    label: 'unknown key',
    help:
      p.near.length > 0
        ? `did you mean ${p.near.map((name) => JSON.stringify(name)).join(' or ')}?`
        : `the keys are ${p.known.map((name) => JSON.stringify(name)).join(', ')}`,
  })),
  'project-value': error((p: { key: string; part: string | undefined; wanted: string; got: string; near: readonly string[] }) => ({
    message:
      p.got === 'the string ""' && p.near.length === 0
        ? `${p.part ?? ''}${JSON.stringify(p.key)} is empty`
        : `${p.part ?? ''}${JSON.stringify(p.key)} must be ${p.wanted}, not ${p.got}`,
    label: 'this value',
    help:
      p.got === 'the string ""' && p.part === undefined && p.near.length === 0 && p.key !== 'model'
        ? `remove the key, or write ${p.wanted}`
        : p.near.length > 0
          ? `did you mean ${p.near.map((name) => JSON.stringify(name)).join(' or ')}?`
          : `write ${p.wanted}${p.key === 'model' ? '; "name" chooses a model of the file' : ''}`,
  })),
  'missing-project-key': error((p: { key: 'builds' | 'model'; build: string | undefined }) => ({
    message: p.build === undefined ? `the project file has no "${p.key}"` : `the build \`${p.build}\` has no "${p.key}"`,
    label: `no "${p.key}" here`,
    help:
      p.key === 'builds'
        ? 'write `"builds": { "web": { "model": "model.arch" } }`'
        : 'write the path of its source file: `"model": "model.arch"`',
  })),
  'build-name': error((p: { name: string }) => ({
    message: `a build cannot be called ${JSON.stringify(p.name)}`,
    label: 'not a valid name',
    help: 'use letters, digits, `_` and `-`; other names could be taken for files or options',
  })),
  'build-file': error((p: { build: string; problem: string }) => ({
    message: `cannot build \`${p.build}\`: ${p.problem}`,
    label: 'needed here',
    help: 'paths are relative to the folder of archc.json',
  })),
  'shared-output': error((p: { build: string; other: string; file: string }) => ({
    message: `the builds \`${p.other}\` and \`${p.build}\` write the same file, ${p.file}`,
    label: 'this build would overwrite the file of the other',
    help: 'give one of them another "out"; on many systems, names that differ only in case are the same file',
  })),
};
