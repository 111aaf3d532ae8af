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
  /** In an overview: what its values are worth. */
  readonly overview?: OverviewNote | undefined;
}

/** What the values of an overview are worth, for the attributes `overview` and `overview_method`. */
export interface OverviewNote {
  /** exact: what a run of that child order gives; approximate: near that; not composable: left at the fill value. */
  readonly quality: 'exact' | 'approximate' | 'not composable';
  /** How they were found, or why not, in a sentence. */
  readonly method: string;
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
  /** Child order of the group that this one is an overview of. */
  readonly overviewOf?: number | undefined;
}

/** A layout whose parents may not be known before coordinates are read. */
export type OpenLayout = Omit<StoreLayout, 'parents'> & { readonly parents: readonly bigint[] | undefined };

/** Names of the two coordinates, which no variable may have. */
export const COORDINATES = ['cell_ids', 'morton'] as const;
/** Name of the group below `{childOrder}/` that says what became of each parent. */
export const PARENTS = 'parents';
/** Orders between parent and child: 4^12 values of 8 bytes are 128 MiB a chunk. */
export const MAX_ORDER_STEP = 12;
/** Values of one chunk at most, bins included: 512 MiB of float64. */
export const MAX_CHUNK_VALUES = 2 ** 26;
/** Attributes that are written here, or by which readers would change the values. */
const RESERVED_ATTRIBUTES = ['_FillValue', 'add_offset', 'bin_edges', 'coordinates', 'overview', 'overview_method', 'scale_factor'];

/** Cells of one parent, which is the length of a chunk. */
export function cellsPerChunk({ parentOrder, childOrder }: Pick<StoreLayout, 'parentOrder' | 'childOrder'>): number {
  return 4 ** (childOrder - parentOrder);
}

/** Values that a variable has in each cell. */
export function valuesPerCell({ bins }: Pick<StoreVariable, 'bins'>): number {
  return bins ? bins.length - 1 : 1;
}

/** Throws `bad-layout` for a layout that no store can have. */
export function assertLayout(layout: OpenLayout): void {
  const { parentOrder, childOrder, parents, mortonDtype, innerOrder, overviews = [] } = layout;
  for (const order of [parentOrder, childOrder]) {
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) fail(`expected HEALPix orders from 0 to ${MAX_ORDER}, found ${order}`);
  }
  if (parentOrder > childOrder || childOrder - parentOrder > MAX_ORDER_STEP) {
    fail(`expected a parent order from ${Math.max(0, childOrder - MAX_ORDER_STEP)} to the child order ${childOrder}, found ${parentOrder}`);
  }
  if (mortonDtype === 'int64' && childOrder > MAX_DECIMAL_ORDER) {
    fail(`decimal morton ids of order ${childOrder} do not fit into int64: set the dtype of the coordinate morton to uint64`);
  }
  if (innerOrder !== undefined && !(Number.isInteger(innerOrder) && innerOrder >= parentOrder && innerOrder <= childOrder)) {
    fail(`expected inner chunks of an order from the parent order ${parentOrder} to the child order ${childOrder}, found ${innerOrder}`);
  }
  overviews.forEach((order, i) => {
    if (!Number.isInteger(order) || order < 0 || order >= childOrder) fail(`expected overviews of orders from 0 to ${childOrder - 1}, found ${order}`);
    if (i > 0 && order <= overviews[i - 1]!) fail(`expected the orders of overviews to ascend, found ${order} after ${overviews[i - 1]!}`);
  });
  assertVariables(layout);
  if (parents) assertParents(parents, parentOrder);
}

function assertVariables(layout: OpenLayout): void {
  const names = new Set<string>([...COORDINATES, PARENTS]);
  const take = (name: string): void => {
    if (names.has(name)) fail(`the name ${name} is used twice in the group`);
    names.add(name);
  };
  for (const { name, bins, attributes = {} } of layout.variables) {
    take(name);
    // A name is a folder: nothing that leaves the group or collides with its metadata.
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || name === 'zarr.json' || /^\.+$/.test(name)) {
      fail(`expected a variable's name of letters, digits, _ . and -, found ${JSON.stringify(name)}`);
    }
    const reserved = RESERVED_ATTRIBUTES.find(key => Object.hasOwn(attributes, key));
    if (reserved !== undefined) fail(`the attribute ${reserved} of ${name} has a meaning of its own to readers; choose another name for it`);
    if (bins === undefined) continue;
    take(binName(name));
    if (bins.length < 2 || !bins.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > bins[i - 1]!))) {
      fail(`expected at least two ascending edges of bins for ${name}, found ${JSON.stringify(bins).slice(0, 100)}`);
    }
    const values = cellsPerChunk(layout) * (bins.length - 1);
    if (values > MAX_CHUNK_VALUES) fail(`${bins.length - 1} bins in ${cellsPerChunk(layout)} cells are ${values} values a chunk of ${name}, more than ${MAX_CHUNK_VALUES}; use a finer parent order or fewer bins`);
  }
}

/** Name of the coordinate with the centres of a histogram's bins, and of its dimension. */
export function binName(variable: string): string {
  return `${variable}_bin`;
}

function assertParents(parents: readonly bigint[], parentOrder: number): void {
  if (parents.length === 0) fail('expected at least one parent cell, found none');
  const count = 12n << BigInt(2 * parentOrder);
  const seen = new Set<bigint>();
  for (const parent of parents) {
    if (parent < 0n || parent >= count) fail(`expected parent ids below ${count} at order ${parentOrder}, found ${parent}`);
    if (seen.has(parent)) fail(`parent ${parent} stands twice in the list of chunks`);
    seen.add(parent);
  }
}

function fail(message: string): never {
  throw new MaggError('bad-layout', message);
}
