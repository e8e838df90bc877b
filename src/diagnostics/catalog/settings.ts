import { error } from './entry.js';

function listOf(names: readonly string[], limit = 8): string {
  const shown = names.slice(0, limit).map((n) => `\`${n}\``);
  return shown.join(', ') + (names.length > shown.length ? `, and ${names.length - shown.length} more` : '');
}

/** Values of hyperparameters from outside: `--config`, `--set-from`, `--set`. */
export const settingsCatalog = {
  'bad-json': error((p: { problem: string; example: string }) => ({ message: p.problem, label: 'found here', help: p.example })),
  'settings-too-large': error((p: { size: number; limit: number }) => ({
    message: `the settings file has ${p.size} characters; the limit is ${p.limit}`,
    label: 'not read',
    help: 'configurations usually have a few kilobytes: is this the right file?',
  })),
  'setting-kind': error((p: { path: string; owner: string; wanted: string; got: string }) => ({
    message: `\`${p.path}\` of \`${p.owner}\` is ${p.wanted}, not ${p.got}`,
    label: p.got,
    help: `write ${p.wanted}`,
  })),
  'setting-name': error((p: { name: string; path: string; wanted: string; file: string; near: readonly string[] }) => ({
    message: `\`${p.path}\` is ${p.wanted}, but nothing is called "${p.name}"`,
    label: `not known in ${p.file}`,
    help:
      p.near.length > 0
        ? `did you mean ${p.near.map((n) => `"${n}"`).join(' or ')}?`
        : `declare or import \`${p.name}\` in ${p.file}, or use an operator such as "silu" or "gelu"`,
  })),
  'json-item': error((p: { got: string }) => ({
    message: `a list of settings holds numbers, strings, true, false and lists, not ${p.got}`,
    label: p.got,
    help: 'write records as objects with their own keys',
  })),
  'missing-key': error((p: { key: string; path: string; owner: string; model: string }) => ({
    message: `the key "${p.key}" is missing, and \`${p.path}\` of \`${p.model}\` has no default`,
    label: `no "${p.key}" in this object`,
    help: `add the key, give \`--set ${p.path}=...\`, or a default in \`${p.owner}\``,
  })),
  'unused-config': error((p: { model: string; keys: readonly string[] }) => ({
    message: `\`${p.model}\` reads no key of this file`,
    label: 'nothing here is used',
    help:
      p.keys.length === 0
        ? `\`${p.model}\` has no hyperparameters`
        : `it reads ${listOf(p.keys)}; \`D = 64 from "hidden_size"\` declares the key of a hyperparameter`,
  })),
  'ambiguous-setting': error((p: { name: string; model: string; paths: readonly string[] }) => ({
    message: `\`${p.name}\` may be ${listOf(p.paths)} of \`${p.model}\``,
    label: 'which one?',
    help: `write \`--set ${p.paths[0] ?? ''}=...\``,
  })),
};
