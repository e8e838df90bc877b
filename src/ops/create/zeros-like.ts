import { filledLike } from './filled.js';

export const zerosLike = filledLike('zeros_like', 0);
