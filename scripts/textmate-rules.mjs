// What the rules of the TextMate grammar are made of.

export const name = '[A-Za-z_]\\w*';
/** Where a declaration begins in the first column. */
export const declaration = '(?=^(?:import|let|fn|layer|model|config|train)\\b)';

export const rule = (scope, match) => ({ name: `${scope}.arch`, match });
export const include = (key) => ({ include: `#${key}` });
export const words = (list) => `\\b(?:${list.join('|')})\\b`;
export const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function captures(...scopes) {
  const entries = scopes.map((scope, at) => [String(at + 1), typeof scope === 'string' ? { name: `${scope}.arch` } : scope]);
  return Object.fromEntries(entries.filter(([, scope]) => scope.name !== '.arch'));
}
