import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { formatExactJson, isJsonObject, parseExactJson, type ExactJsonObject } from './exact-json.js';

/** A `zarr.json` with consolidated metadata of many thousand arrays is a few MiB; more is not read. */
const MAX_BYTES = 64 * 2 ** 20;

/** A node's metadata: undefined when there is none, `damaged-store` when it is no JSON object of Zarr v3. */
export async function readNode(store: ObjectStore, key: string, options: Abortable): Promise<ExactJsonObject | undefined> {
  const bytes = await store.get(key, options);
  if (!bytes) return undefined;
  const damaged = (found: string, cause?: unknown): MaggError =>
    new MaggError('damaged-store', `expected Zarr v3 metadata in ${key} of ${store.name}, found ${found}`, { cause, context: { file: key } });
  if (bytes.length > MAX_BYTES) throw damaged(`${bytes.length} bytes, more than the ${MAX_BYTES} that are read`);
  let node;
  try {
    node = parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('something that is no JSON', cause);
  }
  if (!isJsonObject(node)) throw damaged('JSON that is no object');
  if (node.zarr_format !== 3) {
    throw damaged(node.zarr_format === undefined ? 'no zarr_format' : `zarr_format ${formatExactJson(node.zarr_format).slice(0, 40)}`);
  }
  return node;
}

/** Writes a node's metadata. */
export function writeNode(store: ObjectStore, key: string, node: ExactJsonObject, options: Abortable): Promise<void> {
  return store.put(key, new TextEncoder().encode(`${formatExactJson(node)}\n`), options);
}
