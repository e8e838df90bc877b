/** How much source is read. Anything beyond is reported with a code of its own and not read. */
export interface SyntaxLimits {
  /** UTF-16 units in a file. */
  readonly sourceLength: number;
  readonly tokens: number;
  /** Nested brackets around a token. */
  readonly nesting: number;
  /**
   * Operators, stages and postfixes on a path through one expression. Together with `nesting`, it bounds the depth of the tree, so that every later phase may
   * walk the tree recursively.
   */
  readonly operators: number;
  readonly nameLength: number;
  /** Messages about the syntax of one file. */
  readonly messages: number;
}

export const defaultLimits: SyntaxLimits = {
  sourceLength: 4 * 1024 * 1024,
  tokens: 400_000,
  nesting: 128,
  operators: 500,
  nameLength: 1024,
  messages: 100,
};
