/** The syntax tree: all types of its nodes can be imported from here. It begins with `File`, in `ast/file.ts`. */
export type * from './ast/declarations.js';
export type * from './ast/expressions.js';
export type * from './ast/file.js';
export type * from './ast/name.js';
export type * from './ast/signatures.js';
export type * from './ast/statements.js';
export type * from './ast/train.js';
