import type { Abortable, ByteRange } from '../base/index.js';

/**
 * Named byte objects under one root: a folder, a bucket prefix, memory. Keys are relative, use `/`, never start with
 * it and never contain `.` or `..` as a part. Errors are MaggErrors (tags `forbidden`, `io`, `exists`, `cancelled`).
 */
export interface ObjectStore {
  /** Where the objects are, for messages: a path or URL. */
  readonly name: string;
  /** The object's bytes, or undefined when there is none. */
  get(key: string, options?: Abortable & { readonly range?: ByteRange }): Promise<Uint8Array | undefined>;
  /** Writes the whole object, making folders as needed. With `ifNoneMatch` an existing object is an error `exists`. */
  put(key: string, bytes: Uint8Array, options?: Abortable & { readonly ifNoneMatch?: boolean }): Promise<void>;
  /** Keys that start with `prefix`, in ascending order. */
  list(prefix: string, options?: Abortable): Promise<readonly string[]>;
  /** As {@link entriesOf} gives them; absent in a store that can only list everything below. */
  entries?(folder: string, options?: Abortable): Promise<readonly string[]>;
  /** Size of an object in bytes, or undefined when there is none; absent in a store that cannot tell without reading it. */
  size?(key: string, options?: Abortable): Promise<number | undefined>;
  /** Removes one object; an absent one is no error. `keepsFolder`: others will be put where it stood; where folders are real, removing one costs as much as ten files. */
  delete(key: string, options?: Abortable & { readonly keepsFolder?: boolean }): Promise<void>;
}

/**
 * What stands directly in a folder (`12/`, or empty for the root), in ascending order: names of objects, names of folders with a
 * `/` at the end. A listing of everything below costs seconds where there are a million chunks.
 */
export async function entriesOf(store: ObjectStore, folder: string, options: Abortable = {}): Promise<readonly string[]> {
  if (store.entries) return store.entries(folder, options);
  const names = (await store.list(folder, options)).map(key => key.slice(folder.length, (key.indexOf('/', folder.length) + 1 || key.length + 1)));
  return [...new Set(names)];
}
