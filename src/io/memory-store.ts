import { MaggError, throwIfAborted } from '../base/index.js';
import { assertKey, assertPrefix } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/** An empty store in memory. Bytes are copied when they come and when they go. */
export function memoryStore(name: string): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  const ready = async (signal: AbortSignal | undefined): Promise<void> => {
    await Promise.resolve();
    throwIfAborted(signal);
  };
  return {
    name,
    async get(key, { range, signal } = {}) {
      await ready(signal);
      assertKey(name, key);
      const bytes = objects.get(key);
      if (!bytes) return undefined;
      if (!range) return new Uint8Array(bytes);
      if (range.offset + range.length > bytes.length) throw beyondObject(name, key, bytes.length, range.offset + range.length);
      return new Uint8Array(bytes.subarray(range.offset, range.offset + range.length));
    },
    async put(key, bytes, { ifNoneMatch = false, signal } = {}) {
      assertKey(name, key);
      const copy = new Uint8Array(bytes); // not slice(): that of a Node Buffer is a view
      await ready(signal);
      if (ifNoneMatch && objects.has(key)) throw objectExists(name, key);
      objects.set(key, copy);
    },
    async list(prefix, { signal } = {}) {
      await ready(signal);
      assertPrefix(name, prefix);
      return [...objects.keys()].filter(key => key.startsWith(prefix)).sort();
    },
    async size(key, { signal } = {}) {
      await ready(signal);
      assertKey(name, key);
      return objects.get(key)?.length;
    },
    async delete(key, { signal } = {}) {
      await ready(signal);
      assertKey(name, key);
      objects.delete(key);
    }
  };
}

/** The error of a put with `ifNoneMatch` onto an object that is there. */
export function objectExists(storeName: string, key: string, cause?: unknown): MaggError {
  return new MaggError('exists', `${storeName}/${key} exists and is not to be replaced: remove it or choose another place`, { cause, context: { file: `${storeName}/${key}` } });
}

/** The error of a get whose range ends after the object. */
export function beyondObject(storeName: string, key: string, sizeBytes: number, end: number): MaggError {
  return new MaggError('io', `${storeName}/${key} has ${sizeBytes} bytes, expected at least ${end}: it was not written whole, write it again`, { context: { file: `${storeName}/${key}` } });
}
