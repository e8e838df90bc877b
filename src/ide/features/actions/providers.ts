import type { ActionKind, Offer, Place } from './action.js';
import { importOffers } from './add-import.js';
import { fixOffers } from './fixes.js';
import { otherTensorOffers } from './other-tensors.js';
import { argumentOffers } from './refactor/arguments.js';
import { ascriptionOffers } from './refactor/ascriptions.js';
import { configOffers } from './refactor/config.js';
import { extractLayerOffers } from './refactor/extract/extract-layer.js';
import { inlineLayerOffers } from './refactor/inline/inline-layer.js';
import { signatureOffers } from './refactor/signatures.js';
import { variableOffers } from './refactor/variables.js';
import { sourceOffers } from './source.js';
import { stageOffers } from './stages.js';
import { unknownNameOffers } from './unknown-names.js';
import { widthOffers } from './widths.js';

/** What makes offers, and of which kinds. */
export interface Provider {
  readonly kinds: readonly ActionKind[];
  readonly offers: (place: Place) => readonly Offer[];
}

/** All of them, the most useful offers first. */
export const providers: readonly Provider[] = [
  { kinds: ['quickfix'], offers: importOffers },
  { kinds: ['quickfix'], offers: fixOffers },
  { kinds: ['quickfix'], offers: unknownNameOffers },
  { kinds: ['quickfix'], offers: otherTensorOffers },
  { kinds: ['quickfix'], offers: widthOffers },
  { kinds: ['quickfix'], offers: stageOffers },
  { kinds: ['refactor.extract'], offers: extractLayerOffers },
  { kinds: ['refactor.inline'], offers: inlineLayerOffers },
  { kinds: ['refactor.extract', 'refactor.rewrite'], offers: variableOffers },
  { kinds: ['refactor.rewrite'], offers: ascriptionOffers },
  { kinds: ['refactor.rewrite'], offers: argumentOffers },
  { kinds: ['refactor.rewrite'], offers: signatureOffers },
  { kinds: ['refactor.rewrite'], offers: configOffers },
  { kinds: ['source.fixAll', 'source.organizeImports'], offers: sourceOffers },
];
