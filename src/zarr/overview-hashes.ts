import type { Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { hexOf } from './content-hash.js';
import { PARENTS, type StoreLayout } from './layout.js';
import { readNode } from './metadata-node.js';
import { overviewLayouts } from './overview-layouts.js';
import { bytesOfHex, HASH_BYTES, readParentRecords, type ParentRecord } from './parent-records.js';
import { readWholeArray, writeWholeArray } from './whole-array.js';

const pathOf = (childOrder: number, order: number): string => `${childOrder}/${PARENTS}/content_hash_${order}`;

/**
 * Writes, beside the content hashes of the parents and in their order, those of what each parent has in the overviews that are
 * computed from rows: nothing else tells what must stand there, since quantiles and the like do not follow from finer cells.
 * `parents`, `records` in the order of {@link readParentRecords}. Throws `bad-record`.
 */
export async function writeOverviewHashes(store: ObjectStore, layout: StoreLayout, records: ReadonlyMap<bigint, ParentRecord>, options: Abortable): Promise<void> {
  const orders = overviewLayouts(layout).map(({ childOrder }) => childOrder);
  if (orders.length === 0) return;
  const parents = layout.form === 'full-sphere' ? [...layout.parents].sort((a, b) => (a < b ? -1 : 1)) : layout.parents;
  for (const order of orders) {
    const hashes = new Uint8Array(parents.length * HASH_BYTES);
    parents.forEach((parent, i) => {
      const hash = records.get(parent)?.overviews?.[order];
      if (hash !== undefined) hashes.set(bytesOfHex(hash), i * HASH_BYTES);
    });
    await writeWholeArray(
      store, pathOf(layout.childOrder, order),
      { dtype: 'uint8', fillValue: 0, shape: [parents.length, HASH_BYTES], dimensions: ['parents', 'hash_bytes'], attributes: { long_name: `SHA-256 of the values of the parent in the overview ${order}/, zeros where they are not known` } },
      hashes, options
    );
  }
}

/**
 * The content hash of each parent, by nested id, in the overview `order` of a finished group, without those that are not known;
 * undefined where there are none at all, as in stores of older programs. Throws `damaged-store`.
 */
export async function readOverviewHashes(store: ObjectStore, childOrder: number, order: number, options: Abortable = {}): Promise<ReadonlyMap<bigint, string> | undefined> {
  const path = pathOf(childOrder, order);
  if (!(await readNode(store, `${path}/zarr.json`, options))) return undefined;
  const [parents = [], { values }] = await Promise.all([readParentRecords(store, childOrder, options), readWholeArray(store, path, 'uint8', options)]);
  const found = new Map<bigint, string>();
  parents.forEach(({ parent }, i) => {
    const hash = (values as Uint8Array).subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    if (hash.some(byte => byte !== 0)) found.set(parent, hexOf(hash));
  });
  return found;
}
