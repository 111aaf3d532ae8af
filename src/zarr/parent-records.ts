import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { hexOf } from './content-hash.js';
import { PARENTS, type StoreLayout } from './layout.js';
import { readNode, writeNode } from './metadata-node.js';
import { groupNode } from './metadata.js';
import { readWholeArray, writeWholeArray } from './whole-array.js';

/** What became of a parent, by the number that the store has for it. */
const STATES = ['data', 'empty', 'partial', 'failed', 'not-computed', 'outdated'] as const;

/**
 * data: written, all rows read; empty: computed, no rows; partial: written without rows that could not be read; failed: not
 * written; not-computed: left out by the run that planned it, or still to come; outdated: it was to be computed anew and could
 * not be, the values are of an earlier run.
 */
export type ParentState = (typeof STATES)[number];

/** What a store says of one parent. */
export interface ParentRecord {
  readonly state: ParentState;
  /** Rows that stand in its cells. */
  readonly observations: number;
  /** Child cells with at least one of them. */
  readonly cellsWithData: number;
  /** The content hash, 64 hexadecimal digits; undefined where nothing is written. */
  readonly hash: string | undefined;
  /** The same of what it has in overviews that are computed from rows, by their order; absent where that is not known. */
  readonly overviews?: Readonly<Record<number, string>>;
}

/** The record of a parent of which nothing is known. */
export const NOT_COMPUTED: ParentRecord = { state: 'not-computed', observations: 0, cellsWithData: 0, hash: undefined };

/** A parent, by its nested id, with its record. */
export interface RecordedParent extends ParentRecord {
  readonly parent: bigint;
}

/** Whether a parent has values in the store. */
export const hasValues = ({ state }: ParentRecord): boolean => state === 'data' || state === 'partial' || state === 'outdated';

/** Of a SHA-256. */
export const HASH_BYTES = 32;
const DIMENSIONS = ['parents'] as const;

/**
 * Writes the group `{childOrder}/parents/`: five arrays of one chunk each, in the order of the chunks, in a full-sphere
 * group by ascending id. `records` in the order of the layout's parents. Throws `bad-record`.
 */
export async function writeParentRecords(store: ObjectStore, layout: StoreLayout, records: readonly ParentRecord[], options: Abortable): Promise<void> {
  const { parents, form, childOrder, parentOrder } = layout;
  if (records.length !== parents.length) throw new MaggError('bad-record', `expected a record for each of ${parents.length} parents, found ${records.length}`);
  const order = parents.map((_, place) => place);
  if (form === 'full-sphere') order.sort((a, b) => (parents[a]! < parents[b]! ? -1 : 1));
  const count = parents.length;
  const ids = new BigUint64Array(count);
  const states = new Uint8Array(count);
  const observations = new BigInt64Array(count);
  const cells = new Int32Array(count);
  const hashes = new Uint8Array(count * HASH_BYTES);
  order.forEach((place, i) => {
    const record = records[place]!;
    ids[i] = parents[place]!;
    states[i] = STATES.indexOf(record.state);
    observations[i] = BigInt(record.observations);
    cells[i] = record.cellsWithData;
    if (record.hash !== undefined) hashes.set(bytesOfHex(record.hash), i * HASH_BYTES);
  });
  const group = `${childOrder}/${PARENTS}`;
  const common = { shape: [count], dimensions: DIMENSIONS };
  const flags = { flag_values: STATES.map((_, i) => i), flag_meanings: STATES.join(' ') };
  await writeWholeArray(store, `${group}/parent`, { ...common, dtype: 'uint64', fillValue: 0n, attributes: { long_name: 'nested id of the parent', order: parentOrder } }, ids, options);
  await writeWholeArray(store, `${group}/state`, { ...common, dtype: 'uint8', fillValue: STATES.indexOf('not-computed'), attributes: { long_name: 'what became of the parent', ...flags } }, states, options);
  await writeWholeArray(store, `${group}/observations`, { ...common, dtype: 'int64', fillValue: 0n, attributes: { long_name: 'rows in the cells of the parent' } }, observations, options);
  await writeWholeArray(store, `${group}/cells_with_data`, { ...common, dtype: 'int32', fillValue: 0, attributes: { long_name: 'cells of the parent with at least one row' } }, cells, options);
  await writeWholeArray(
    store, `${group}/content_hash`,
    { dtype: 'uint8', fillValue: 0, shape: [count, HASH_BYTES], dimensions: [...DIMENSIONS, 'hash_bytes'], attributes: { long_name: 'SHA-256 of the values of the parent, zeros where it has none' } },
    hashes, options
  );
  await writeNode(store, `${group}/zarr.json`, groupNode({}), options);
}

/**
 * The records of a group in the order in which they stand; undefined when it has none, as stores of older programs. In an
 * unfinished group they tell what stood there before. Throws `damaged-store`.
 */
export async function readParentRecords(store: ObjectStore, childOrder: number, options: Abortable = {}): Promise<readonly RecordedParent[] | undefined> {
  const group = `${childOrder}/${PARENTS}`;
  if (!(await readNode(store, `${group}/zarr.json`, options))) return undefined;
  const [ids, states, observations, cells, hashes] = await Promise.all([
    readWholeArray(store, `${group}/parent`, 'uint64', options),
    readWholeArray(store, `${group}/state`, 'uint8', options),
    readWholeArray(store, `${group}/observations`, 'int64', options),
    readWholeArray(store, `${group}/cells_with_data`, 'int32', options),
    readWholeArray(store, `${group}/content_hash`, 'uint8', options)
  ]);
  const shapes = [ids, states, observations, cells, hashes].map(({ shape }) => shape.join(' by '));
  const count = ids.values.length;
  if (shapes.join() !== `${count},${count},${count},${count},${count} by ${HASH_BYTES}`) {
    throw new MaggError('damaged-store', `expected as many records as parents in ${group} of ${store.name}, found arrays of ${shapes.join(', ')}`, { context: { file: group } });
  }
  return Array.from(ids.values as BigUint64Array, (parent, i) => {
    const state = STATES[Number(states.values[i])];
    if (!state) throw new MaggError('damaged-store', `expected a state from 0 to ${STATES.length - 1} of parent ${parent} in ${group} of ${store.name}, found ${states.values[i]!}`, { context: { file: group } });
    const hash = (hashes.values as Uint8Array).subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    return {
      parent, state, observations: Number(observations.values[i]), cellsWithData: Number(cells.values[i]),
      hash: hash.every(byte => byte === 0) ? undefined : hexOf(hash)
    };
  });
}

/** Bytes of a content hash. Throws `bad-record`. */
export function bytesOfHex(hash: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new MaggError('bad-record', `expected a content hash of 64 hexadecimal digits, found ${JSON.stringify(hash)}`);
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) => parseInt(hash.slice(2 * i, 2 * i + 2), 16));
}
