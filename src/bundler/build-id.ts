import { version } from '../version.js';

/** The hash of archc's own sources, which scripts/build.mjs defines. */
declare const ARCHC_SOURCES: string | undefined;

/** The versions of ONNX Runtime that the package works with, as in `package.json`. */
export const runtimeRange = '>=1.20';

/** Everything other than its sources and options that a built model depends on. */
export const buildId = [version, typeof ARCHC_SOURCES === 'undefined' ? 'sources' : ARCHC_SOURCES, runtimeRange].join(' ');
