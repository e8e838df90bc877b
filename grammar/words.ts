/** The words of the language, without the parser: what colors a text needs nothing else. */

/** Words that cannot be names. */
// biome-ignore format: a table
export const hardWords = [
  'import', 'from', 'let', 'fn', 'layer', 'model', 'for', 'in', 'if', 'else', 'return', 'as', 'param', 'buffer',
  'true', 'false', 'none', 'Tensor',
] as const;
/** Words that have a meaning in one place only and are names everywhere else. */
// biome-ignore format: a table
export const softWords = [
  'state', 'next', 'scan', 'over', 'carry', 'emit', 'named', 'on', 'with', 'entry', 'input', 'axis', 'by', 'train', 'freeze',
  'lora', 'optimizer', 'loss', 'metric', 'assert', 'where', 'config', 'cond', 'reverse', 'empty',
  'frozen', 'eval', 'checkpoint', 'group',
] as const;
