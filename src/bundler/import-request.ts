/** What a module of the program gets for an import. */
export type ImportKind = 'module' | 'url' | 'inline';

/** An import of a model: `./lenet.arch?train=Finetune`. */
export interface ImportRequest {
  /** The absolute path. */
  readonly file: string;
  readonly kind: ImportKind;
  readonly model: string | undefined;
  readonly train: string | undefined;
  readonly entry: string | undefined;
  readonly build: string | undefined;
}

/** The ids that are imports of models; a bundler calls the plugin for no others. */
export const archImport: RegExp = /\.arch(?:\?.*)?$/;

/** What an id asks for; undefined for those that other plugins answer, such as `?raw`. What else is in a query, such as the time stamps of Vite, has no effect. */
export function importRequest(id: string): ImportRequest | undefined {
  const [file = '', query = ''] = id.split(/\?(.*)/s);
  if (!file.endsWith('.arch') || file.startsWith('\0')) return undefined;
  const words = new URLSearchParams(query);
  if (words.has('raw') || words.has('worker') || words.has('sharedworker')) return undefined;
  const text = (name: string) => words.get(name) || undefined;
  const kind = words.has('url') ? 'url' : words.has('inline') ? 'inline' : 'module';
  return { file, kind, model: text('model'), train: text('train'), entry: text('entry'), build: text('build') };
}
