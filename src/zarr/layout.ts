import { MaggError, type JsonObject } from '../base/index.js';
import type { Compression, DataType, LatitudeConvention, StoreForm } from '../config/index.js';
import { MAX_DECIMAL_ORDER, MAX_ORDER } from '../grid/index.js';

/** An output variable as the store sees it. */
export interface StoreVariable {
  readonly name: string;
  readonly dtype: DataType;
  /** Value of cells that nothing was written for; a bigint only for 64-bit integers. */
  readonly fillValue: number | bigint;
  /** Edges of a histogram: the array has a second dimension with one value per bin. */
  readonly bins?: readonly number[] | undefined;
  readonly attributes?: JsonObject;
}

/** All that defines the bytes of a group but the values. May cross threads by structured clone. */
export interface StoreLayout {
  /** HEALPix order of the chunks. */
  readonly parentOrder: number;
  /** HEALPix order of the cells, which is the group's name; at most 12 above the parent order. */
  readonly childOrder: number;
  readonly latitude: LatitudeConvention;
  /** Nested ids of the parents in the order of the chunks; ascending in a new store. */
  readonly parents: readonly bigint[];
  readonly variables: readonly StoreVariable[];
  /** int64: the signed decimal morton id, up to order 18; uint64: the packed word. */
  readonly mortonDtype: 'int64' | 'uint64';
  readonly compression: Compression;
  /** dense: chunk i is the i-th parent; full-sphere: chunk = nested id of the parent. Default dense. */
  readonly form?: StoreForm;
  /** One shard per parent, with inner chunks of one cell of this order each. */
  readonly innerOrder?: number | undefined;
  /** Coarser orders that the store holds too, ascending, each below the child order. */
  readonly overviews?: readonly number[];
}

/** A layout whose parents may not be known before coordinates are read. */
export type OpenLayout = Omit<StoreLayout, 'parents'> & { readonly parents: readonly bigint[] | undefined };

/** Names of the two coordinates, which no variable may have. */
export const COORDINATES = ['cell_ids', 'morton'] as const;
/** Orders between parent and child: 4^12 values of 8 bytes are 128 MiB a chunk. */
export const MAX_ORDER_STEP = 12;

/** Cells of one parent, which is the length of a chunk. */
export function cellsPerChunk({ parentOrder, childOrder }: Pick<StoreLayout, 'parentOrder' | 'childOrder'>): number {
  return 4 ** (childOrder - parentOrder);
}

/** Every array of the group, in the order in which the template writes them: variables, then coordinates. */
export function arraysOf(layout: OpenLayout): readonly StoreVariable[] {
  return [
    ...layout.variables,
    { name: 'cell_ids', dtype: 'uint64', fillValue: 0n },
    { name: 'morton', dtype: layout.mortonDtype, fillValue: 0n }
  ];
}

/** Throws `bad-layout` for a layout that no store can have. */
export function assertLayout(layout: OpenLayout): void {
  const { parentOrder, childOrder, parents, variables, mortonDtype } = layout;
  const fail = (message: string): never => {
    throw new MaggError('bad-layout', message);
  };
  for (const order of [parentOrder, childOrder]) {
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) fail(`expected HEALPix orders from 0 to ${MAX_ORDER}, found ${order}`);
  }
  if (parentOrder > childOrder || childOrder - parentOrder > MAX_ORDER_STEP) {
    fail(`expected a parent order from ${Math.max(0, childOrder - MAX_ORDER_STEP)} to the child order ${childOrder}, found ${parentOrder}`);
  }
  if (mortonDtype === 'int64' && childOrder > MAX_DECIMAL_ORDER) {
    fail(`decimal morton ids of order ${childOrder} do not fit into int64: set the dtype of the coordinate morton to uint64`);
  }
  const names = new Set<string>(COORDINATES);
  for (const { name } of variables) {
    if (names.has(name)) fail(`the name ${name} is used twice in the group`);
    // A name is a folder: nothing that leaves the group or collides with its metadata.
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || name === 'zarr.json' || /^\.+$/.test(name)) {
      fail(`expected a variable's name of letters, digits, _ . and -, found ${JSON.stringify(name)}`);
    }
    names.add(name);
  }
  if (parents) assertParents(parents, parentOrder, fail);
}

function assertParents(parents: readonly bigint[], parentOrder: number, fail: (message: string) => never): void {
  if (parents.length === 0) fail('expected at least one parent cell, found none');
  const count = 12n << BigInt(2 * parentOrder);
  const seen = new Set<bigint>();
  for (const parent of parents) {
    if (parent < 0n || parent >= count) fail(`expected parent ids below ${count} at order ${parentOrder}, found ${parent}`);
    if (seen.has(parent)) fail(`parent ${parent} stands twice in the list of chunks`);
    seen.add(parent);
  }
}
