import { Workspace, type WorkspaceHost } from '../../src/ide/workspace.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** Marks the cursor in the texts of tests. */
const mark = '‸';

export interface Opened {
  readonly workspace: Workspace;
  /** The file with the cursor. */
  readonly path: string;
  /** The text of that file, without the mark. */
  readonly text: string;
  readonly offset: number;
  /** All cursors in that file. */
  readonly offsets: readonly number[];
}

/** Opens files in which `‸` marks the cursor; a text alone is `main.arch`. Files named in `onDisk` exist, but are not open; nor are those in `binary`. */
export function opened(
  source: string | Readonly<Record<string, string>>,
  onDisk: readonly string[] = [],
  binary: Readonly<Record<string, Uint8Array>> = {},
): Opened {
  const marked = typeof source === 'string' ? { 'main.arch': source } : source;
  const files = Object.fromEntries(Object.entries(marked).map(([path, text]) => [path, text.replaceAll(mark, '')]));
  const host: WorkspaceHost = { ...createMemoryHost({ ...files, ...binary }), list: () => Object.keys(files) };
  const workspace = new Workspace(host);
  for (const [path, text] of Object.entries(files)) if (!onDisk.includes(path)) workspace.set(path, text);
  const [path = 'main.arch', withMark = ''] =
    Object.entries(marked).find(([, text]) => text.includes(mark)) ?? Object.entries(marked)[0] ?? [];
  const offsets = [...withMark.matchAll(new RegExp(mark, 'g'))].map(({ index }, i) => index - i);
  return { workspace, path, text: files[path] ?? '', offset: offsets[0] ?? 0, offsets };
}

/** The text at a span. */
export function textAt(
  workspace: Workspace,
  { file, start, end }: { readonly file: string; readonly start: number; readonly end: number },
): string {
  return (workspace.text(file) ?? '').slice(start, end);
}
