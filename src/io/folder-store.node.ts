import {
  closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmdirSync, statSync, unlinkSync, writeSync, type Dirent
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { throwIfAborted, type ByteRange } from '../base/index.js';
import { codeOf, fileError } from './file-error.node.js';
import { beyondObject, objectExists } from './memory-store.js';
import { assertKey, assertPrefix } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/**
 * A folder of this machine; it is made by the first `put`. Writing is synchronous under the asynchronous signature: a run
 * writes thousands of small files from worker threads, and a promise for each costs more than the file. A file is written
 * in place: who resumes trusts the journal, not the presence of files. Links inside the folder are followed.
 */
export function folderStore(path: string): ObjectStore {
  const root = resolve(path);
  const fileOf = (key: string): string => {
    assertKey(root, key);
    return join(root, key);
  };
  return {
    name: path,
    async get(key, { range, signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      const file = fileOf(key);
      try {
        return range ? readRange(root, key, range) : new Uint8Array(readFileSync(file));
      } catch (error) {
        if (isAbsent(error) || codeOf(error) === 'EISDIR') return undefined;
        throw fileError(error, file, 'could not be read');
      }
    },
    async put(key, bytes, { ifNoneMatch = false, signal } = {}) {
      throwIfAborted(signal);
      const file = fileOf(key);
      try {
        write(file, bytes, ifNoneMatch);
      } catch (error) {
        if (ifNoneMatch && codeOf(error) === 'EEXIST') throw objectExists(root, key, error);
        throw fileError(error, file, 'could not be written');
      }
      await Promise.resolve();
    },
    async list(prefix, { signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      assertPrefix(root, prefix);
      const keys: string[] = [];
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      try {
        collect(root, folder, prefix, keys);
      } catch (error) {
        throw fileError(error, join(root, folder), 'could not be listed');
      }
      return keys.sort();
    },
    async entries(folder, { signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      assertPrefix(root, folder);
      try {
        return entriesIn(root, folder).flatMap(entry => (entry.isDirectory() ? [`${entry.name}/`] : isFile(root, folder, entry) ? [entry.name] : [])).sort();
      } catch (error) {
        throw fileError(error, join(root, folder), 'could not be listed');
      }
    },
    async size(key, { signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      const file = fileOf(key);
      try {
        const found = statSync(file);
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw fileError(error, file, 'could not be read');
      }
    },
    async delete(key, { signal, keepsFolder = false } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      const file = fileOf(key);
      try {
        unlinkSync(file);
      } catch (error) {
        if (isAbsent(error)) return;
        throw fileError(error, file, 'could not be removed');
      }
      if (!keepsFolder) removeEmptyFolders(dirname(file), root);
    }
  };
}

const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

function write(file: string, bytes: Uint8Array, exclusive: boolean): void {
  // Someone who deletes may remove the folder between our two calls: hence more than one attempt.
  for (let attempt = 0; ; attempt++) {
    try {
      writeInPlace(file, bytes, exclusive);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === 3) throw error;
      mkdirSync(dirname(file), { recursive: true });
    }
  }
}

/**
 * Truncating takes a lock of the whole file system for as long as it frees blocks: with two threads it was a fifth of a run
 * that replaces its chunks. Those keep their size, so only a file that is too long is truncated.
 */
function writeInPlace(file: string, bytes: Uint8Array, exclusive: boolean): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | (exclusive ? constants.O_EXCL : 0), 0o666);
  try {
    if (!exclusive && fstatSync(descriptor).size > bytes.length) ftruncateSync(descriptor);
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done);
  } finally {
    closeSync(descriptor);
  }
}

function readRange(root: string, key: string, { offset, length }: ByteRange): Uint8Array {
  const descriptor = openSync(join(root, key), 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (offset + length > size) throw beyondObject(root, key, size, offset + length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw beyondObject(root, key, offset + done, offset + length);
      done += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function collect(root: string, folder: string, prefix: string, keys: string[]): void {
  for (const entry of entriesIn(root, folder)) {
    const key = folder + entry.name;
    if (entry.isDirectory()) {
      if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) collect(root, `${key}/`, prefix, keys);
    } else if (key.startsWith(prefix) && isFile(root, folder, entry)) keys.push(key);
  }
}

/** None where there is no such folder. */
function entriesIn(root: string, folder: string): readonly Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

const isFile = (root: string, folder: string, entry: Dirent): boolean => entry.isFile() || isLinkToFile(join(root, folder, entry.name), entry);

const isLinkToFile = (file: string, entry: Dirent): boolean => entry.isSymbolicLink() && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);

/** As in a bucket, a folder without objects is none. */
function removeEmptyFolders(folder: string, root: string): void {
  for (let at = folder; at.startsWith(root + sep); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      // Not empty, or somebody else's by now: either way it stays, and with it all folders above.
      return;
    }
  }
}
