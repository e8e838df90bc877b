import { filled } from './filled.js';

export const zeros = filled('zeros', 0);
