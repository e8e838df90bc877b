import { callAt } from '../cursor/call.js';
import { cursorAt } from '../cursor/cursor.js';
import { signatureText } from '../present/callable.js';
import { codeBlock, docsLink, inlineCode, paragraphs } from '../present/markdown.js';
import type { Workspace } from '../workspace.js';

/** What a call takes, while it is written. */
export interface SignatureHelp {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  readonly parameters: readonly SignatureParameter[];
  /** The parameter that the argument at the cursor is for; undefined if it is for none. */
  readonly active: number | undefined;
}

export interface SignatureParameter {
  /** Where it is in the label. */
  readonly start: number;
  readonly end: number;
  /** Markdown. */
  readonly documentation: string;
}

/** What the innermost call around an offset takes; on a label, the call of its layer. */
export function signatureHelp(workspace: Workspace, path: string, offset: number): SignatureHelp | undefined {
  const inside = helpInside(workspace, path, offset);
  if (inside !== undefined) return inside;
  const [head] = /^[\w.[\]]*[ \t]*:[ \t]*[A-Za-z_]\w*\(/.exec((workspace.text(path) ?? '').slice(offset, offset + longestLabel)) ?? [];
  const help = head === undefined ? undefined : helpInside(workspace, path, offset + head.length);
  return help && { ...help, active: undefined };
}

/** Characters after the cursor in which a label and the name of its layer end. */
const longestLabel = 400;

function helpInside(workspace: Workspace, path: string, offset: number): SignatureHelp | undefined {
  const cursor = cursorAt(workspace, path, offset);
  const call = cursor && callAt(cursor, { anywhere: true });
  if (call === undefined) return undefined;
  const { callable, list, active } = call;
  const { label, parameters } = signatureText(callable);
  const index = parameters.findIndex((other) => other.list === list && other.parameter.name === active?.name);
  const { doc, example, place } = callable;
  return {
    label,
    documentation: paragraphs(doc, example === undefined ? undefined : codeBlock(example), place && docsLink(place)),
    parameters: parameters.map(({ parameter, start, end }) => ({
      start,
      end,
      documentation: paragraphs(
        parameter.doc,
        parameter.type === undefined || parameter.text.includes(parameter.type) ? undefined : inlineCode(parameter.type),
      ),
    })),
    active: index < 0 ? undefined : index,
  };
}
