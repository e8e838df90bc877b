/** The public API of archc: pure and synchronous, the same in Node and in the browser. */
export { type CheckResult, type CompiledModel, type CompileOptions, type CompileResult, check, compile } from './compile.js';
export type { Diagnostic, Edit, Fix, Note } from './diagnostics/diagnostic.js';
export type { Span } from './diagnostics/span.js';
export { type BinaryFile, type Host, HostError } from './host.js';
export { defaultLimits, type Limits } from './limits.js';
