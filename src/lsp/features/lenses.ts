import type { CodeLens, Command } from 'vscode-languageserver';
import { codeLenses, type CodeLens as Lens } from '../../ide/features/code-lens.js';
import type { Feature } from '../feature.js';

/** The commands of an editor that lenses run; they get the URI of the document and the name of the model. */
const commands = { cost: 'archc.showCost', compile: 'archc.compile', run: 'archc.run', graph: 'archc.showGraph' } as const;

/** Costs of models, and what can be done with them. */
export const lenses: Feature = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: false } }),
  register: ({ connection, documents, insights, settings, commands: offered }) => {
    const kinds = Object.keys(commands) as Lens['kind'][];
    const actions = new Set(kinds.filter((kind) => offered.has(commands[kind])));
    connection.onCodeLens(({ textDocument }): CodeLens[] => {
      const { cost, commands: withCommands } = settings().codeLens;
      const shown = new Set(kinds.filter((kind) => (kind === 'cost' ? cost : withCommands && actions.has(kind))));
      const found = codeLenses(documents.workspace, documents.path(textDocument), insights, shown);
      return found.map((lens) => ({ range: documents.range(lens.span), command: commandOf(lens, textDocument.uri) }));
    });

    /** Without a command, a lens is a text. */
    function commandOf({ kind, title, model }: Lens, uri: string): Command {
      return actions.has(kind) ? { title, command: commands[kind], arguments: [uri, model] } : { title, command: '' };
    }
  },
};
