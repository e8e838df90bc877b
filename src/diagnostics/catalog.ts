import { controlFlowCatalog } from './catalog/control-flow.js';
import { deviceCatalog } from './catalog/device.js';
import { entriesCatalog } from './catalog/entries.js';
import type { Entry } from './catalog/entry.js';
import { factsCatalog } from './catalog/facts.js';
import { flowCatalog } from './catalog/flow.js';
import { gradientsCatalog } from './catalog/gradients.js';
import { indicesCatalog } from './catalog/indices.js';
import { limitsCatalog } from './catalog/limits.js';
import { namesCatalog } from './catalog/names.js';
import { opsCatalog } from './catalog/ops.js';
import { projectCatalog } from './catalog/project.js';
import { pruneCatalog } from './catalog/prune.js';
import { quantizeCatalog } from './catalog/quantize.js';
import { recordsCatalog } from './catalog/records.js';
import { runCatalog } from './catalog/run.js';
import { settingsCatalog } from './catalog/settings.js';
import { statesCatalog } from './catalog/states.js';
import { syntaxCatalog } from './catalog/syntax.js';
import { trainCatalog } from './catalog/train.js';
import { typesCatalog } from './catalog/types.js';
import { unusedCatalog } from './catalog/unused.js';
import { weightsCatalog } from './catalog/weights.js';

/** Every message that archc can print. A code is a stable, greppable name and is never reused for another meaning. */
export const catalog = {
  ...syntaxCatalog,
  ...namesCatalog,
  ...recordsCatalog,
  ...typesCatalog,
  ...indicesCatalog,
  ...factsCatalog,
  ...flowCatalog,
  ...controlFlowCatalog,
  ...deviceCatalog,
  ...unusedCatalog,
  ...opsCatalog,
  ...weightsCatalog,
  ...limitsCatalog,
  ...entriesCatalog,
  ...statesCatalog,
  ...gradientsCatalog,
  ...trainCatalog,
  ...runCatalog,
  ...quantizeCatalog,
  ...settingsCatalog,
  ...projectCatalog,
  ...pruneCatalog,
};

export type Code = keyof typeof catalog;
export type ParamsOf<C extends Code> = (typeof catalog)[C] extends Entry<infer P> ? P : never;
