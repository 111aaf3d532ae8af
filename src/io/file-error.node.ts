import { MaggError } from '../base/index.js';

interface Meaning {
  readonly tag: string;
  readonly text: string;
  readonly retryable?: boolean;
}

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { tag: 'not-found', text: 'there is no such file. Check the path; a relative one counts from the folder of the config or catalog that names it' },
  ENOTDIR: { tag: 'not-found', text: 'a part of the path is a file, not a folder. Check the path' },
  EACCES: { tag: 'forbidden', text: 'permission denied. Change the permissions or choose another place' },
  EPERM: { tag: 'forbidden', text: 'the system does not allow it. Change the permissions or choose another place' },
  EROFS: { tag: 'forbidden', text: 'the file system is read-only. Choose another place' },
  EISDIR: { tag: 'io', text: 'it is a folder, a file was expected. Name a file in it' },
  ENXIO: { tag: 'io', text: 'it is no regular file. Name a file' },
  ENOSPC: { tag: 'io', text: 'the disk is full. Make room or choose another place, then run again' },
  EDQUOT: { tag: 'io', text: 'your disk quota is used up. Make room or choose another place, then run again' },
  EMFILE: { tag: 'io', text: 'too many files are open. Raise the limit (ulimit -n)', retryable: true },
  ENFILE: { tag: 'io', text: 'too many files are open on this machine', retryable: true },
  ENAMETOOLONG: { tag: 'io', text: 'the path is too long. Choose a shorter one' },
  EIO: { tag: 'io', text: 'the disk or network drive failed. Try again', retryable: true },
  ESTALE: { tag: 'io', text: 'the network drive lost the file. Try again', retryable: true },
  EAGAIN: { tag: 'io', text: 'the disk is busy. Try again', retryable: true },
  EBUSY: { tag: 'io', text: 'the file is busy. Try again', retryable: true },
  ETIMEDOUT: { tag: 'io', text: 'the network drive did not answer. Try again', retryable: true }
};

/** The system's code of a thrown error, like `ENOENT`. */
export const codeOf = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

/** What the file system threw, as a MaggError that says what to do. `failed`: "could not be read", "could not be written". */
export function fileError(thrown: unknown, path: string, failed: string): MaggError {
  if (thrown instanceof MaggError) return thrown;
  const code = codeOf(thrown);
  const { tag, text, retryable = false } = meanings[code ?? ''] ?? { tag: 'io', text: String(thrown) };
  return new MaggError(tag, `${path} ${failed}: ${text}${code === undefined ? '' : ` (${code})`}.`, { cause: thrown, retryable, context: { file: path } });
}
