import { triangle } from './triangle.js';

export const tril = triangle('tril');
