/** The public API of archc: pure and synchronous, the same in Node and in the browser. */
export { type BuildOptions, type BuildResult, build } from './build.js';
export { type CheckResult, type CompiledModel, type CompileOptions, type CompileResult, check, compile } from './compile.js';
export { type LayerCost, costOf } from './6-emit/cost.js';
export type { Diagnostic, Edit, Fix, Note } from './diagnostics/diagnostic.js';
export { renderTerminal } from './diagnostics/render-terminal.js';
export type { Span } from './diagnostics/span.js';
export { type BinaryFile, type BinaryHost, type Host, HostError } from './host.js';
export { defaultLimits, type Limits } from './limits.js';
export { createMemoryHost } from './memory-host.js';
