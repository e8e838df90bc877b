import { filled } from './filled.js';

export const ones = filled('ones', 1);
