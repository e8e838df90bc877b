/** A file that the client sends because the server cannot read it: in `initializationOptions.files`, and later in notifications `archc/files`. */
export interface ProvidedFile {
  readonly uri: string;
  /** Absent if the file was removed. */
  readonly text?: string;
}

/** The files in what a client sends, which may be anything. */
export function providedFiles(value: unknown): readonly ProvidedFile[] {
  const files = typeof value === 'object' && value !== null ? (value as { readonly files?: unknown }).files : undefined;
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown): readonly ProvidedFile[] => {
    const { uri, text } = (typeof file === 'object' && file !== null ? file : {}) as { readonly uri?: unknown; readonly text?: unknown };
    if (typeof uri !== 'string') return [];
    return [typeof text === 'string' ? { uri, text } : { uri }];
  });
}
