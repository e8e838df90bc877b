/** A file that is read in pieces, so that weights of any size need constant memory. */
export interface BinaryFile {
  readonly size: number;
  /** The absolute path under which this process can open the file again, if it is in the file system. */
  readonly place?: string;
  /** Exactly `length` bytes from `offset`; throws `HostError` if the file is shorter. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** The compiler's only access to the outside world. Paths are opaque strings that only the host interprets. */
export interface Host {
  /** The text of a file, or undefined if there is none. Throws `HostError` for a file that cannot be read. */
  read(path: string): string | undefined;
  /** The path that `import ... from "source"` in the file `from` means. */
  resolve(source: string, from: string): string;
}

/** A host that can also open files of any size, for weights. */
export interface BinaryHost extends Pick<Host, 'resolve'> {
  /** Throws `HostError` for a file that does not exist, cannot be read, or is not a regular file. */
  openBinary(path: string): BinaryFile;
}

/** A place in a file, counted as in a diagnostic. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A failure of the outside world, with a message for users: no such file, no permission, too large. */
export class HostError extends Error {
  override readonly name = 'HostError';
  /** The place, if it is a single one in a file. */
  readonly place: FilePlace | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly place?: FilePlace }) {
    super(message, options);
    this.place = options?.place;
  }
}
