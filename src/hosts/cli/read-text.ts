import { readFileSync } from 'node:fs';
import { MaggError } from '../../base/index.js';
import { codeOf } from '../../io/file-error.node.js';

/** What went wrong with a file, in a few words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of the path is a file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return code ?? String(error);
  }
}

/** The text of a file, which must be UTF-8. Throws `tag` with the remedy. @param what the file is, for the message */
export function readText(path: string, what: string, tag: string, remedy: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new MaggError(tag, `${what} ${path} could not be read: ${reasonOf(cause)}; ${remedy}`, { cause, context: { file: path } });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MaggError(tag, `${what} ${path} is no text in UTF-8; ${remedy}`, { cause, context: { file: path } });
  }
}
