// How Vite builds the playground, and serves it while it is developed. archc must be built before: its own plugin compiles the first model.
import { fileURLToPath } from 'node:url';
import archc from '../dist/vite.js';
import { contentSecurityPolicy, isolation, noncePlaceholder } from './headers.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Where the site is written. */
export const siteFolder = `${root}dist`;

/**
 * The configuration of Vite.
 * @param {{ outDir?: string, logLevel?: 'info' | 'warn' }} options
 * @returns {import('vite').InlineConfig}
 */
export function site({ outDir = siteFolder, logLevel = 'info' } = {}) {
  return {
    configFile: false,
    root,
    // The site works in any folder of a server.
    base: './',
    logLevel,
    html: { cspNonce: noncePlaceholder },
    plugins: [archc({ dts: false })],
    resolve: {
      alias: [
        { find: /^archc\/runtime$/, replacement: `${dist}runtime-browser.js` },
        { find: /^archc\/lsp-worker/, replacement: `${dist}lsp-worker.js` },
        { find: /^archc$/, replacement: `${dist}browser.js` },
      ],
    },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2000, reportCompressedSize: false },
    server: { headers: isolation },
    preview: { headers: { ...isolation, 'Content-Security-Policy': contentSecurityPolicy(noncePlaceholder) } },
  };
}
