import { warning } from './entry.js';

const orUnderscore = 'remove it, or begin its name with `_` to keep it';

/** Code without effect. `# archc: allow CODE` above a line silences these. */
export const unusedCatalog = {
  'unused-import': warning((p: { name: string }) => ({
    message: `\`${p.name}\` is imported but not used`,
    label: 'not used in this file',
  })),
  'unused-let': warning((p: { name: string }) => ({
    message: `\`${p.name}\` is defined but not used`,
    label: 'nothing reads it',
    help: orUnderscore,
  })),
  'unused-variable': warning((p: { name: string }) => ({
    message: `\`${p.name}\` is assigned but not used`,
    label: 'nothing reads it',
    help: orUnderscore,
  })),
  'unused-hyperparameter': warning((p: { name: string; of: string }) => ({
    message: `the hyperparameter \`${p.name}\` of \`${p.of}\` has no effect`,
    label: 'nothing reads it',
    help: orUnderscore,
  })),
  'unused-input': warning((p: { name: string; of: string }) => ({
    message: `the input \`${p.name}\` of \`${p.of}\` is not used`,
    label: 'nothing reads it',
    help: orUnderscore,
  })),
  'unused-declaration': warning((p: { name: string; kind: string }) => ({
    message: `the ${p.kind} \`${p.name}\` is not used`,
    label: 'no model of this file needs it',
    help: orUnderscore,
  })),
  'dropped-layer': warning((p: { label: string; name: string; again: boolean }) => ({
    message: `the result of the layer \`${p.label}\` is not used, but its weights are in the model`,
    label: p.again ? `\`${p.name}\` gets another value before it is read` : `nothing reads \`${p.name}\``,
    help: 'use the result, or remove the layer; a name that begins with `_` means that the result is dropped on purpose',
  })),
  'unchanged-carry': warning((p: { name: string }) => ({
    message: `the carry \`${p.name}\` has the same value at every step`,
    label: `there is no \`next ${p.name}\``,
    help: `write \`next ${p.name} = ...\` for what the next step gets; an assignment only changes it within its own step`,
  })),
  'bad-allow': warning((p: { problem: 'unknown' | 'error' | 'form' | 'place'; code: string; near: readonly string[] }) => ({
    message: {
      unknown: `unknown warning \`${p.code}\``,
      error: `\`${p.code}\` is an error, so it cannot be allowed`,
      form: '`# archc:` is followed by `allow` and the codes of warnings',
      place: '`# archc: allow` must be on a line of its own, above the line that it applies to',
    }[p.problem],
    label: p.problem === 'unknown' && p.near[0] !== undefined ? `did you mean \`${p.near[0]}\`?` : 'has no effect',
    help: p.problem === 'form' ? '`# archc: allow unused-input` silences this warning for the line below' : undefined,
  })),
};
