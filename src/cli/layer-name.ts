import type { LayerCost } from '../api/model.js';

/** The name of a layer, relative to the closest layer around it that has a row, and indented by two cells for each such layer. */
export function nameOfLayer({ scope, path }: Pick<LayerCost, 'scope' | 'path'>, paths: ReadonlySet<string>): string {
  switch (scope) {
    case 'model':
      return '(all)';
    case 'outside':
      return '(outside layers)';
    case 'layer': {
      const labels = path.split('.');
      const around = labels.map((_, i) => labels.slice(0, i).join('.')).filter((other) => other !== '' && paths.has(other));
      const closest = around.at(-1);
      return `${'  '.repeat(around.length)}${closest === undefined ? path : path.slice(closest.length + 1)}`;
    }
  }
}
