import { error } from './entry.js';

/** A project file, `archc.json`. */
export const projectCatalog = {
  'unknown-project-key': error((p: { key: string; build: string | undefined; known: readonly string[]; near: readonly string[] }) => ({
    message: `${p.build === undefined ? 'a project file' : 'a build'} has no key ${JSON.stringify(p.key)}`,
    label: 'not known',
    help:
      p.near.length > 0
        ? `did you mean ${p.near.map((name) => JSON.stringify(name)).join(' or ')}?`
        : `the keys are ${p.known.map((name) => JSON.stringify(name)).join(', ')}`,
  })),
  'project-value': error((p: { key: string; part: string | undefined; wanted: string; got: string; near: readonly string[] }) => ({
    message: `${p.part ?? ''}${JSON.stringify(p.key)} is ${p.wanted}, not ${p.got}`,
    label: 'this value',
    help:
      p.near.length > 0
        ? `did you mean ${p.near.map((name) => JSON.stringify(name)).join(' or ')}?`
        : `write ${p.wanted}${p.key === 'model' ? '; "name" says which model of it is meant' : ''}`,
  })),
  'missing-project-key': error((p: { key: 'builds' | 'model'; build: string | undefined }) => ({
    message: p.build === undefined ? `the project file has no "${p.key}"` : `the build \`${p.build}\` has no "${p.key}"`,
    label: `no "${p.key}" in here`,
    help:
      p.key === 'builds'
        ? 'write `"builds": { "web": { "model": "model.arch" } }`'
        : 'write the path of its source file: `"model": "model.arch"`',
  })),
  'build-name': error((p: { name: string }) => ({
    message: `a build cannot be called ${JSON.stringify(p.name)}`,
    label: 'this name',
    help: 'a name has letters, digits, `_` and `-`, so that no command takes it for a file or an option',
  })),
  'shared-output': error((p: { build: string; other: string; file: string }) => ({
    message: `the builds \`${p.other}\` and \`${p.build}\` write the same file, ${p.file}`,
    label: 'this build would replace the file of the other',
    help: 'give one of them another "out"; names that differ only in upper and lower case are the same file on many systems',
  })),
};
