import type { JsonValue } from '../../base/index.js';
import type { Sha256 } from '../../zarr/index.js';
import { badIndex } from './bad-index.js';
import { parseGranuleIndex, type GranuleIndex, type GranuleIndexStore } from './granule-index.js';

/** 1 had no tracks, 2 no checksum. */
const VERSION = 3;
const START = `{"version":${VERSION},"sha256":"`;
const MIDDLE = '","index":';
const END = '}\n';
const HASH_LETTERS = 64;
const BODY_AT = START.length + HASH_LETTERS + MIDDLE.length;

/**
 * The file of an index: `{"version":3,"sha256":"...","index":{...}}` and a line feed, where the hash is that of the bytes of the index. A changed
 * letter in a fill value or an offset would be an index like any other, and give other values.
 */
export async function sealIndex(index: GranuleIndex, sha256: Sha256 = webSha256): Promise<Uint8Array> {
  const body = new TextEncoder().encode(JSON.stringify(index));
  const head = new TextEncoder().encode(`${START}${hex(await sha256(body))}${MIDDLE}`);
  const bytes = new Uint8Array(head.length + body.length + END.length);
  bytes.set(head);
  bytes.set(body, head.length);
  bytes.set(new TextEncoder().encode(END), head.length + body.length);
  return bytes;
}

/** The index in a file of {@link sealIndex}, of which nothing is used before its hash is right. Throws `bad-index` for what is damaged or of another version. */
export async function openSealedIndex(id: string, bytes: Uint8Array, sha256: Sha256 = webSha256): Promise<GranuleIndex> {
  const head = ascii(bytes, 0, BODY_AT);
  const version = /^\{"version":(\d+),/.exec(head)?.[1];
  if (version !== undefined && version !== String(VERSION)) throw badIndex(id, `its version is ${version}, not ${VERSION}`);
  const bodyEnd = bytes.length - END.length;
  if (!head.startsWith(START) || !head.endsWith(MIDDLE) || bodyEnd < BODY_AT || ascii(bytes, bodyEnd, bytes.length) !== END) throw badIndex(id, 'it is damaged, or no index');
  const body = bytes.subarray(BODY_AT, bodyEnd);
  if (hex(await sha256(body)) !== head.slice(START.length, START.length + HASH_LETTERS)) throw badIndex(id, 'it is damaged: its checksum is that of another content');
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)) as JsonValue;
  } catch (error) {
    throw badIndex(id, `it is no JSON (${(error as Error).message})`);
  }
  return parseGranuleIndex(id, value);
}

/** The index that a store keeps under a granule's id; undefined where there is none. Throws `bad-index`. */
export async function loadIndex(store: GranuleIndexStore, id: string): Promise<GranuleIndex | undefined> {
  const bytes = await store.load(id);
  return bytes && openSealedIndex(id, bytes, store.sha256);
}

/** Replaces what a store keeps under a granule's id. */
export const saveIndex = async (store: GranuleIndexStore, id: string, index: GranuleIndex): Promise<void> => store.save(id, await sealIndex(index, store.sha256));

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
const hex = (hash: Uint8Array): string => Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
const webSha256: Sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
