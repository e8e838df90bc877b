import { error } from './entry.js';

export const syntaxCatalog = {
};
