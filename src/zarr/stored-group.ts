import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { LatitudeConvention } from '../config/index.js';
import { MAX_ORDER } from '../grid/index.js';
import type { ObjectStore } from '../io/index.js';
import { isConsolidated, ROOT_KEY } from './consolidated.js';
import { latitudeOf } from './dggs.js';
import { isJsonObject, type ExactJsonObject } from './exact-json.js';
import { COORDINATES } from './layout.js';
import { readNode } from './metadata-node.js';
import { parseArrayNode, type OtherArray, type StoredArray } from './stored-array.js';

/** The group of one child order as it stands in a store, ours or an older program's. */
export interface StoredGroup {
  readonly childOrder: number;
  readonly parentOrder: number;
  /** Undefined: the attributes say nothing that is known. */
  readonly latitude: LatitudeConvention | undefined;
  /** Whether it stands in the root's consolidated metadata. */
  readonly finished: boolean;
  /** Chunks along the array; not all need exist. */
  readonly chunks: number;
  /** Arrays that are no coordinates, by name in ascending order. */
  readonly variables: readonly StoredArray[];
  readonly cellIds: StoredArray;
  readonly morton: StoredArray | undefined;
  /** Arrays of a form that is not read. */
  readonly others: readonly OtherArray[];
}

const CONCURRENCY = 16;

/** Child orders that have a group, ascending. */
export async function listGroups(store: ObjectStore, options: Abortable = {}): Promise<readonly number[]> {
  const orders = new Set<number>();
  for (const key of await store.list('', options)) {
    const match = /^(0|[1-9]\d?)\/zarr\.json$/.exec(key);
    if (match && Number(match[1]) <= MAX_ORDER) orders.add(Number(match[1]));
  }
  return [...orders].sort((a, b) => a - b);
}

/**
 * Reads the metadata of the group `{childOrder}/`: undefined when there is no such group, `damaged-store` when it is none
 * that magg could have written.
 */
export async function readGroup(store: ObjectStore, childOrder: number, options: Abortable = {}): Promise<StoredGroup | undefined> {
  const root = await readNode(store, ROOT_KEY, options);
  const node = await readNode(store, `${childOrder}/zarr.json`, options);
  if (!node) return undefined;
  const fail = (message: string): never => {
    throw new MaggError('damaged-store', `the group ${childOrder}/ of ${store.name} ${message}`, { context: { file: `${childOrder}/zarr.json` } });
  };
  if (node.node_type !== 'group') fail('is no group');
  const arrays = await readArrays(store, childOrder, options);
  const find = (name: string): StoredArray | OtherArray | undefined => arrays.find(array => array.name === name);
  const cellIds = find('cell_ids');
  if (!cellIds || 'otherwise' in cellIds) return fail(cellIds ? `has an array cell_ids of another form: ${cellIds.otherwise}` : 'has no array cell_ids');
  if (cellIds.dtype !== 'uint64' && cellIds.dtype !== 'int64') fail(`has cell_ids of ${cellIds.dtype}, where 64-bit integers are expected`);
  const parentOrder = childOrder - Math.log2(cellIds.chunkLength) / 2;
  const chunks = cellIds.length / cellIds.chunkLength;
  if (parentOrder < 0) fail(`has chunks of ${cellIds.chunkLength} cells, more than a base cell`);
  if (!Number.isInteger(chunks) || chunks > 12 * 4 ** parentOrder) fail(`has ${cellIds.length} cells in chunks of ${cellIds.chunkLength}`);
  const attributes = isJsonObject(node.attributes) ? node.attributes : {};
  const level = refinementLevel(attributes, cellIds.attributes);
  if (level !== undefined && level !== childOrder) fail(`has the refinement level ${level} in its attributes`);
  const morton = find('morton');
  const own: StoredArray[] = [];
  const others: OtherArray[] = [];
  for (const array of arrays) {
    if ('otherwise' in array) others.push(array);
    else if (array.length !== cellIds.length || array.chunkLength !== cellIds.chunkLength) {
      others.push({ name: array.name, path: array.path, otherwise: `${array.length} values in chunks of ${array.chunkLength}` });
    } else if (!COORDINATES.some(name => name === array.name)) own.push(array);
  }
  const mortonArray = morton && !('otherwise' in morton) ? morton : undefined;
  return {
    childOrder, parentOrder, chunks, cellIds, others,
    latitude: latitudeOf(attributes, cellIds.attributes, mortonArray?.dtype),
    finished: root !== undefined && isConsolidated(root, String(childOrder)),
    variables: own,
    morton: mortonArray
  };
}

async function readArrays(store: ObjectStore, childOrder: number, options: Abortable): Promise<readonly (StoredArray | OtherArray)[]> {
  const keys = (await store.list(`${childOrder}/`, options)).filter(key => /^\d+\/[^/]+\/zarr\.json$/.test(key));
  const limiter = new Limiter(CONCURRENCY);
  const arrays = await Promise.all(keys.map(key => limiter.run(async () => {
    const node = await readNode(store, key, options);
    return node?.node_type === 'array' ? parseArrayNode(key.slice(0, -'/zarr.json'.length), node) : undefined;
  })));
  return arrays.filter(array => array !== undefined);
}

function refinementLevel(group: ExactJsonObject, cellIds: ExactJsonObject): number | undefined {
  const level = isJsonObject(group.dggs) ? group.dggs.refinement_level : cellIds.level;
  return typeof level === 'number' ? level : undefined;
}
