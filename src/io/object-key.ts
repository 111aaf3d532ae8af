import { MaggError } from '../base/index.js';

const part = /^(?!\.{1,2}$)[^/\\\0]+$/;

/**
 * Throws `io` unless `key` is relative, uses `/` and has no empty, `.` or `..` part, no backslash and no NUL: with such a key
 * nobody leaves the root of a store.
 */
export function assertKey(storeName: string, key: string): void {
  if (key.split('/').every(text => part.test(text))) return;
  throw new MaggError('io', `${storeName}: ${JSON.stringify(key)} is no key; expected a relative path with / between its parts and no part . or ..`, {
    context: { file: storeName }
  });
}

/** As {@link assertKey}, for the beginning of a key: it may be empty or end in `/` or within a part. */
export function assertPrefix(storeName: string, prefix: string): void {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') assertKey(storeName, folder.slice(0, -1));
}
