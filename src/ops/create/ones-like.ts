import { filledLike } from './filled.js';

export const onesLike = filledLike('ones_like', 1);
