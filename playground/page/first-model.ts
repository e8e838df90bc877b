import { files, manifest } from '../models/digits.arch?url';
import type { Built } from '../workers/messages.js';
import { firstText } from './examples.js';

/** The model that the page shows first, which the plugin of archc has compiled when the site was built: as long as nobody changes it, it runs at once. */
export const firstModel = {
  text: firstText,
  manifest: manifest as Built['manifest'],
  files: Object.fromEntries(Object.entries(files).map(([name, place]) => [name, new URL(place, location.href).href])),
};
