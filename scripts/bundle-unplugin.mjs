// The part of unplugin that archc uses, as a part of archc's own files: nothing has to be installed with it.
import { readFileSync } from 'node:fs';

/** The loaders of webpack and Rspack, which these bundlers load as files of their own. unplugin looks for them in the folder in which its code is. */
export const loaderEntries = {
  'chunks/webpack/loaders/load': 'unplugin/webpack/loaders/load',
  'chunks/rspack/loaders/load': 'unplugin/rspack/loaders/load',
};

/** Adapts unplugin to a bundle: its loaders end in `.js`, and the package for virtual modules, which archc has none of, is left out. */
export function withUnplugin() {
  return {
    name: 'unplugin',
    setup(build) {
      build.onLoad({ filter: /[\\/]unplugin[\\/]dist[\\/]index\.mjs$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const contents = replaced(text, [
          ['__require("webpack-virtual-modules")', 'class {}', 1],
          [/loaders\/(load|transform)\.mjs"/g, 'loaders/$1.js"', 4],
        ]);
        return { contents, loader: 'js' };
      });
    },
  };
}

function replaced(text, replacements) {
  return replacements.reduce((current, [from, to, count]) => {
    const parts = current.split(from instanceof RegExp ? new RegExp(from.source) : from);
    const found = from instanceof RegExp ? (current.match(from)?.length ?? 0) : parts.length - 1;
    if (found !== count) throw new Error(`unplugin has changed: ${from} is in it ${found} times`);
    return current.replaceAll(from, to);
  }, text);
}
