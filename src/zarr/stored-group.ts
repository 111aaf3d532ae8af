import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { LatitudeConvention, StoreForm } from '../config/index.js';
import { MAX_ORDER } from '../grid/index.js';
import { entriesOf, type ObjectStore } from '../io/index.js';
import { isConsolidated, overviewOfNode, ROOT_KEY } from './consolidated.js';
import { latitudeOf, type Completeness } from './dggs.js';
import { briefJson, isJsonObject, type ExactJson, type ExactJsonObject } from './exact-json.js';
import { binName, COORDINATES, MAX_ORDER_STEP } from './layout.js';
import { readNode } from './metadata-node.js';
import { parseArrayNode, type OtherArray, type StoredArray } from './stored-array.js';

/** The group of one child order as it stands in a store, ours or an older program's. */
export interface StoredGroup {
  readonly childOrder: number;
  readonly parentOrder: number;
  readonly form: StoreForm;
  /** Undefined: the attributes say nothing that is known. */
  readonly latitude: LatitudeConvention | undefined;
  /** Whether it stands in the root's consolidated metadata. */
  readonly finished: boolean;
  /** As its attributes say; undefined in stores of older programs. */
  readonly completeness: Completeness | undefined;
  /** Child order of the group that this one is an overview of. */
  readonly overviewOf: number | undefined;
  /** Orders of the overviews that were asked for. */
  readonly overviews: readonly number[];
  /** Chunks along the array; not all need exist. */
  readonly chunks: number;
  /** Arrays that are no coordinates, by name in ascending order. */
  readonly variables: readonly StoredArray[];
  /** Undefined in a full-sphere group. */
  readonly cellIds: StoredArray | undefined;
  readonly morton: StoredArray | undefined;
  /** Arrays of a form that is not read. */
  readonly others: readonly OtherArray[];
}

const CONCURRENCY = 16;

/** Child orders that have a group, ascending; overviews too. */
export async function listGroups(store: ObjectStore, options: Abortable = {}): Promise<readonly number[]> {
  const orders = new Set<number>();
  for (const name of await entriesOf(store, '', options)) {
    const match = /^(0|[1-9]\d?)\/$/.exec(name);
    if (match && Number(match[1]) <= MAX_ORDER && (await entriesOf(store, name, options)).includes('zarr.json')) orders.add(Number(match[1]));
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
  const attributes = isJsonObject(node.attributes) ? node.attributes : {};
  const arrays = await readArrays(store, childOrder, options);
  const grid = gridOf(childOrder, attributes, arrays, fail);
  const find = (name: string): StoredArray | undefined => arrays.find((array): array is StoredArray => array.name === name && !('otherwise' in array));
  const [cellIds, morton] = [find('cell_ids'), find('morton')];
  const level = refinementLevel(attributes, cellIds?.attributes ?? {});
  if (level !== undefined && level !== childOrder) fail(`has the refinement level ${level} in its attributes`);
  const finished = root !== undefined && isConsolidated(root, String(childOrder));
  const { variables, others } = sort(arrays, grid, finished);
  const overviewOf = overviewOfNode(node);
  const { completeness } = attributes;
  return {
    ...grid, childOrder, cellIds, morton, variables, others,
    latitude: latitudeOf(attributes, cellIds?.attributes ?? {}, morton?.dtype),
    finished,
    completeness: completeness === 'unfinished' || completeness === 'complete' || completeness === 'partial' ? completeness : undefined,
    overviewOf: overviewOf === undefined ? undefined : Number(overviewOf),
    overviews: Array.isArray(attributes.overviews) ? (attributes.overviews as readonly ExactJson[]).map(Number) : []
  };
}

type Grid = Pick<StoredGroup, 'parentOrder' | 'form' | 'chunks'> & { readonly cells: number };

/** From the attributes where they say it; in stores of older programs from the chunks of `cell_ids`. */
function gridOf(childOrder: number, attributes: ExactJsonObject, arrays: readonly (StoredArray | OtherArray)[], fail: (message: string) => never): Grid {
  const all = 12 * 4 ** childOrder;
  const { layout, parent_order: told } = attributes;
  if (layout === 'full-sphere') {
    const parentOrder = typeof told === 'number' && Number.isInteger(told) ? told : NaN;
    if (!(parentOrder >= 0 && parentOrder <= childOrder && childOrder - parentOrder <= MAX_ORDER_STEP)) return fail(`has the parent order ${briefJson(told)} in its attributes`);
    return { parentOrder, form: layout, cells: all, chunks: 12 * 4 ** parentOrder };
  }
  const cellIds = arrays.find(({ name }) => name === 'cell_ids');
  if (!cellIds || 'otherwise' in cellIds) return fail(cellIds ? `has an array cell_ids of another form: ${cellIds.otherwise}` : 'has no array cell_ids');
  if (cellIds.dtype !== 'uint64' && cellIds.dtype !== 'int64') fail(`has cell_ids of ${cellIds.dtype}, where 64-bit integers are expected`);
  const chunkCells = typeof told === 'number' && attributes.overview_of !== undefined ? 4 ** (childOrder - told) : cellIds.chunkCells;
  const parentOrder = childOrder - Math.log2(chunkCells) / 2;
  const chunks = cellIds.length / chunkCells;
  if (parentOrder < 0) fail(`has chunks of ${chunkCells} cells, more than a base cell`);
  if (!Number.isInteger(parentOrder) || parentOrder > childOrder || !Number.isInteger(chunks) || chunks > 12 * 4 ** parentOrder) fail(`has ${cellIds.length} cells in chunks of ${chunkCells}`);
  // Older programs say nothing of it: what has a place for every cell of the order is a sphere.
  const form = layout === undefined && cellIds.length === all ? 'full-sphere' : 'dense';
  return { parentOrder, form, cells: cellIds.length, chunks };
}

/** Tells variables from coordinates and from what has another form than the group's. */
function sort(arrays: readonly (StoredArray | OtherArray)[], { cells, parentOrder, chunks }: Grid, finished: boolean): Pick<StoredGroup, 'variables' | 'others'> {
  const variables: StoredArray[] = [];
  const others: OtherArray[] = [];
  const bins = new Set(arrays.map(array => ('otherwise' in array || array.rank === 1 ? '' : binName(array.name))));
  for (const array of arrays) {
    if (bins.has(array.name)) continue;
    if ('otherwise' in array) others.push(array);
    else if (COORDINATES.some(name => name === array.name)) continue;
    // A template that grows is written array by array: cut off in between, some have more parents than others.
    else if (array.chunkCells * chunks !== cells || (finished ? array.length !== cells : array.length % array.chunkCells !== 0)) {
      others.push({ name: array.name, path: array.path, otherwise: `${array.length} values in chunks of ${array.chunkCells}, where parents have the order ${parentOrder}` });
    } else variables.push(array);
  }
  return { variables, others };
}

async function readArrays(store: ObjectStore, childOrder: number, options: Abortable): Promise<readonly (StoredArray | OtherArray)[]> {
  const keys = (await entriesOf(store, `${childOrder}/`, options)).flatMap(name => (name.endsWith('/') ? [`${childOrder}/${name}zarr.json`] : []));
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
