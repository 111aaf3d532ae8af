import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { ROOT_KEY } from './consolidated.js';
import { arraysOf, assertLayout, type OpenLayout } from './layout.js';
import { readNode } from './metadata-node.js';
import { readParents, type ParentChunk, type ReadChunkOptions } from './read-chunk.js';
import { readGroup, type StoredGroup } from './stored-group.js';

/** One way in which a group differs from the layout of a run. */
export interface StoreDifference {
  readonly name: 'grid' | 'latitude' | 'variables' | 'dtype' | 'fill_value' | 'codecs' | 'parents';
  /** What the run would write, and what stands there. */
  readonly expected: string;
  readonly found: string;
}

/** What stands at the path of a store. */
export type StoreState =
  | { readonly kind: 'nothing' }
  /** Something that is not to be touched: files that are no Zarr store, or none that magg could have written. */
  | { readonly kind: 'foreign'; readonly found: string }
  /** A Zarr store without the group of the layout's child order. */
  | { readonly kind: 'no-group' }
  /** The group of the child order: the same as the layout when there is no difference. */
  | {
      readonly kind: 'group';
      readonly finished: boolean;
      readonly differences: readonly StoreDifference[];
      /** Undefined when the group cannot be read. */
      readonly group: StoredGroup | undefined;
      /** Chunks whose ids stand in the store; in one that was stopped early some may lack. */
      readonly parents: readonly ParentChunk[];
    };

/**
 * Looks at what stands in the store, changes nothing. Parents are compared when the layout has them, as far as their ids
 * are written. Throws only `bad-layout` and what the store throws.
 */
export async function inspectStore(store: ObjectStore, layout: OpenLayout, options: ReadChunkOptions = {}): Promise<StoreState> {
  assertLayout(layout);
  const foreign = (found: string): StoreState => ({ kind: 'foreign', found });
  try {
    const root = await readNode(store, ROOT_KEY, options);
    if (!root) {
      const keys = await store.list('', options);
      return keys.length === 0 ? { kind: 'nothing' } : foreign(`${keys[0]!}${keys.length > 1 ? ` and ${keys.length - 1} other files` : ''}, but no zarr.json`);
    }
    if (root.node_type !== 'group') return foreign('a Zarr array');
  } catch (error) {
    if (error instanceof MaggError && error.tag === 'damaged-store') return foreign(error.message);
    throw error;
  }
  return inspectGroup(store, layout, options);
}

async function inspectGroup(store: ObjectStore, layout: OpenLayout, options: ReadChunkOptions): Promise<StoreState> {
  let group: StoredGroup | undefined;
  let parents: readonly ParentChunk[];
  try {
    group = await readGroup(store, layout.childOrder, options);
    if (!group) return await inspectStrays(store, layout.childOrder, options);
    // A chunk that a killed run left half-written is one that is still to be written.
    parents = await readParents(store, group, { ...options, damaged: 'skip' });
  } catch (error) {
    if (!(error instanceof MaggError) || error.tag !== 'damaged-store') throw error;
    const differences = [{ name: 'grid' as const, expected: `HEALPix of order ${layout.childOrder} in chunks of order ${layout.parentOrder}`, found: error.message }];
    return { kind: 'group', finished: false, differences, group, parents: [] };
  }
  return { kind: 'group', finished: group.finished, differences: [...differencesOf(group, layout), ...parentDifferences(group, parents, layout)], group, parents };
}

/** A template that was stopped leaves arrays without chunks, which are written anew; anything else is not ours. */
async function inspectStrays(store: ObjectStore, childOrder: number, options: Abortable): Promise<StoreState> {
  const stray = (await store.list(`${childOrder}/`, options)).find(key => !/^\d+\/[^/]+\/zarr\.json$/.test(key));
  return stray === undefined ? { kind: 'no-group' } : { kind: 'foreign', found: `${stray} in a folder without a zarr.json of its own` };
}

function* differencesOf(group: StoredGroup, layout: OpenLayout): Generator<StoreDifference> {
  if (group.parentOrder !== layout.parentOrder) {
    yield { name: 'grid', expected: `chunks of order ${layout.parentOrder}`, found: `chunks of order ${group.parentOrder}` };
  }
  if (group.latitude !== layout.latitude) yield { name: 'latitude', expected: layout.latitude, found: group.latitude ?? 'no known convention' };
  const stored = new Map([...group.variables, group.cellIds, ...(group.morton ? [group.morton] : [])].map(array => [array.name, array]));
  const others = new Map(group.others.map(other => [other.name, other]));
  const missing: string[] = [];
  for (const { name, dtype, fillValue } of arraysOf(layout)) {
    const array = stored.get(name);
    stored.delete(name);
    if (!array) {
      const other = others.get(name);
      others.delete(name);
      if (other) yield { name: 'variables', expected: `${name} as magg writes it`, found: `${name} with ${other.otherwise}` };
      else missing.push(name);
      continue;
    }
    if (array.dtype !== dtype) yield { name: 'dtype', expected: `${name} of ${dtype}`, found: `${name} of ${array.dtype}` };
    else if (!Object.is(sameType(array.fillValue), sameType(fillValueAs(dtype, fillValue)))) {
      yield { name: 'fill_value', expected: `${fillValue} in ${name}`, found: `${array.fillValue} in ${name}` };
    }
    if (array.compression !== layout.compression) yield { name: 'codecs', expected: `${layout.compression} in ${name}`, found: `${array.compression} in ${name}` };
  }
  if (missing.length > 0) yield { name: 'variables', expected: missing.join(', '), found: 'no such arrays' };
  const extra = [...stored.keys(), ...others.keys()];
  if (extra.length > 0) yield { name: 'variables', expected: 'no other arrays', found: extra.join(', ') };
}

/** Integers of any form are compared as numbers without loss; a float32 as it is stored. */
function sameType(value: number | bigint): number | string {
  return typeof value === 'bigint' || Number.isInteger(value) ? String(value) : value;
}

function fillValueAs(dtype: string, value: number | bigint): number | bigint {
  return dtype === 'float32' ? Math.fround(Number(value)) : value;
}

function* parentDifferences(group: StoredGroup, parents: readonly ParentChunk[], layout: OpenLayout): Generator<StoreDifference> {
  const { parents: wanted } = layout;
  if (!wanted || group.parentOrder !== layout.parentOrder) return;
  if (group.chunks !== wanted.length) {
    yield { name: 'parents', expected: `${wanted.length} parents`, found: `${group.chunks} chunks` };
    return;
  }
  const other = parents.find(({ index, parent }) => wanted[index] !== parent);
  if (other) yield { name: 'parents', expected: `parent ${wanted[other.index]!} in chunk ${other.index}`, found: `parent ${other.parent}` };
}
