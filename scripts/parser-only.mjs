// Omits from a bundle what Chevrotain has in addition to its parser: it does not tell bundlers that its modules have no side effects.
import { readFileSync } from 'node:fs';

export function withParserOnly() {
  return {
    name: 'parser only',
    setup: (builder) => {
      builder.onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === 'asked' || !(path === 'chevrotain' || /[\\/]node_modules[\\/]@?chevrotain[\\/]/.test(importer)))
          return undefined;
        const resolved = await builder.resolve(path, { importer, resolveDir, kind, pluginData: 'asked' });
        return { ...resolved, sideEffects: false };
      });
      // Of its lexer, the parser uses only the pattern of tokens that no lexer finds.
      builder.onLoad({ filter: /[\\/]chevrotain[\\/]lib[\\/]src[\\/]scan[\\/]lexer_public\.js$/ }, ({ path }) => {
        const [, pattern] = /^Lexer\.NA = (.*);$/m.exec(readFileSync(path, 'utf8')) ?? [];
        if (pattern === undefined) throw new Error(`${path} does not define Lexer.NA as it did`);
        return { contents: `export class Lexer { static NA = ${pattern}; }\nexport const LexerDefinitionErrorType = {};`, loader: 'js' };
      });
    },
  };
}
