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
  /** Removes one object; an absent one is no error. */
  delete(key: string, options?: Abortable): Promise<void>;
}
