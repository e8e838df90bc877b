import type { Feature } from './feature.js';
import { actions } from './features/actions.js';
import { calls } from './features/calls.js';
import { coloring } from './features/coloring.js';
import { completing } from './features/completing.js';
import { formatting } from './features/formatting.js';
import { hints } from './features/hints.js';
import { hovers } from './features/hovers.js';
import { lenses } from './features/lenses.js';
import { navigation } from './features/navigation.js';
import { pictures } from './features/pictures.js';
import { renaming } from './features/renaming.js';
import { structure } from './features/structure.js';

/** Everything that the server can do besides diagnostics. */
export const features: readonly Feature[] = [
  hovers,
  completing,
  actions,
  navigation,
  structure,
  coloring,
  hints,
  calls,
  lenses,
  renaming,
  formatting,
  pictures,
];
