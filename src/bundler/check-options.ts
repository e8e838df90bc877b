import type { ArchcOptions, ImportOptions } from '../api/bundler.js';
import { suggest } from '../diagnostics/suggest.js';

const ofImports: Readonly<Record<keyof ImportOptions, true>> = {
  bind: true,
  build: true,
  config: true,
  denyFallback: true,
  dtype: true,
  entry: true,
  externalData: true,
  frozenWeights: true,
  gradients: true,
  io: true,
  limits: true,
  map: true,
  model: true,
  opset: true,
  optimize: true,
  quantize: true,
  seed: true,
  set: true,
  setFrom: true,
  skipMismatch: true,
  strict: true,
  tap: true,
  target: true,
  train: true,
  weights: true,
  with: true,
};
const ofPlugins: Readonly<Record<keyof ArchcOptions, true>> = {
  ...ofImports,
  assetsDir: true,
  cacheDir: true,
  dts: true,
  environment: true,
  models: true,
  project: true,
};

/** Throws `TypeError` for options that do not exist: one that has no effect would not be noticed. */
export function checkOptions(options: ArchcOptions): void {
  check(options, Object.keys(ofPlugins), 'the plugin of archc');
  for (const [file, own] of Object.entries(options.models ?? {}))
    check(own, Object.keys(ofImports), `\`models\` of the plugin of archc for ${file}`);
  if (typeof options.target === 'object') check(options.target, ['client', 'server'], '`target` of the plugin of archc');
  const { environment } = options;
  if (environment !== undefined && environment !== 'client' && environment !== 'server')
    throw new TypeError(`\`environment\` of the plugin of archc is 'client' or 'server', not ${JSON.stringify(environment)}`);
}

function check(options: object, known: readonly string[], place: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const [near] = suggest(name, known);
    throw new TypeError(`${place} has no option \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`);
  }
}
