import { triangle } from './triangle.js';

export const triu = triangle('triu');
