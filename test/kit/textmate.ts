import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const root = resolve(import.meta.dirname, '../..');
const grammarFile = resolve(root, 'editors/vscode/syntaxes/arch.tmLanguage.json');

export interface Scoped {
  readonly text: string;
  /** From the outside to the inside, without `source.arch`. */
  readonly scopes: readonly string[];
}

export interface ScopedLine {
  readonly text: string;
  readonly tokens: readonly Scoped[];
  /** The rules that are open at the end of the line. */
  readonly depth: number;
  /** The scopes that the next line begins with. */
  readonly open: readonly string[];
}

/** How VS Code and other editors that use TextMate grammars color a text. */
export async function loadTextMate(): Promise<(text: string) => readonly ScopedLine[]> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
  });
  const grammar = await registry.loadGrammar('source.arch');
  if (grammar === null) throw new Error('there is no grammar');
  return (text) => {
    let state = textmate.INITIAL;
    return text.split(/\r?\n/).map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      const [probe] = grammar.tokenizeLine('', ruleStack).tokens;
      return {
        text: line,
        tokens: tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes: scopes.slice(1) })),
        depth: ruleStack.depth - 1,
        open: probe?.scopes.slice(1) ?? [],
      };
    });
  };
}
