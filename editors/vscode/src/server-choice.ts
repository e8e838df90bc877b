/** What decides which archc is run. Paths are absolute, except that of the setting. */
export interface ServerSituation {
  readonly isTrusted: boolean;
  /** The setting `archc.server.path`. */
  readonly path: string;
  readonly workspaceFolders: readonly string[];
  /** The folder of the package that comes with the extension. */
  readonly bundled: string;
}

/** What it asks the file system. */
export interface Files {
  readonly isFile: (path: string) => boolean;
  readonly join: (folder: string, ...parts: string[]) => string;
  /** Like `path.resolve`: an absolute `path` stays as it is. */
  readonly resolve: (folder: string, path: string) => string;
}

export type ServerChoice =
  | { readonly kind: 'found'; readonly script: string; readonly origin: 'setting' | 'workspace' | 'bundled' }
  | { readonly kind: 'missing'; readonly path: string };

/** The script of archc: that of the setting, of the workspace, or of the extension, in this order. Nothing of an untrusted workspace is run. */
export function chooseServer(
  { isTrusted, path, workspaceFolders, bundled }: ServerSituation,
  { isFile, join, resolve }: Files,
): ServerChoice {
  const scriptIn = (folder: string): string => join(folder, 'dist', 'archc.cjs');
  if (isTrusted && path !== '') {
    const wanted = resolve(workspaceFolders[0] ?? bundled, path);
    const script = [wanted, scriptIn(wanted)].find(isFile);
    return script === undefined ? { kind: 'missing', path: wanted } : { kind: 'found', script, origin: 'setting' };
  }
  const own = isTrusted ? workspaceFolders.map((folder) => scriptIn(join(folder, 'node_modules', 'archc'))).find(isFile) : undefined;
  if (own !== undefined) return { kind: 'found', script: own, origin: 'workspace' };
  const script = scriptIn(bundled);
  return isFile(script) ? { kind: 'found', script, origin: 'bundled' } : { kind: 'missing', path: script };
}
