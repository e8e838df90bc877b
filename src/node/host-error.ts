/// <reference types="node" />
import { HostError } from '../host.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'there is something else of this name',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  EXDEV: 'it lies on another device',
  EIO: 'the disk reports an error',
  ERR_INVALID_ARG_VALUE: 'the name contains a NUL character',
};

/** The error of the file system, in words: `cannot write out.onnx: there is no space left on the disk`. */
export function hostError(action: string, path: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new HostError(`cannot ${action} ${path}: ${reason}`, { cause: error });
}
