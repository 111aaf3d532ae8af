import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { differencesOf, hasSameAttributes, type StoreDifference } from './compare-layout.js';
import { overviewOfNode, ROOT_KEY } from './consolidated.js';
import { assertLayout, PARENTS, type OpenLayout } from './layout.js';
import { readNode } from './metadata-node.js';
import { overviewOrders } from './overview-layouts.js';
import type { ReadChunkOptions } from './read-chunk.js';
import { readParents, type ParentChunk } from './read-parents.js';
import { readGroup, type StoredGroup } from './stored-group.js';

/** What stands at the path of a store. */
export type StoreState =
  | { readonly kind: 'nothing' }
  /** Something that is not to be touched: files that are no Zarr store, or none that magg could have written. */
  | { readonly kind: 'foreign'; readonly found: string }
  /** Metadata that cannot be read, of a store of ours or another: not to be touched either. `file`: their key. */
  | { readonly kind: 'damaged'; readonly file: string; readonly found: string }
  /** A group that another one of the store needs stands where the layout would write: not to be touched either. */
  | { readonly kind: 'taken'; readonly found: string }
  /** A Zarr store without the group of the layout's child order. */
  | { readonly kind: 'no-group' }
  /** The group of the child order: one that the layout continues when there is no difference. */
  | {
      readonly kind: 'group';
      readonly finished: boolean;
      readonly differences: readonly StoreDifference[];
      /** Whether its variables have the attributes that the layout would write; a difference there may stay or be written anew. */
      readonly sameAttributes: boolean;
      /** Undefined when the group cannot be read. */
      readonly group: StoredGroup | undefined;
      /**
       * Parents of the group in the order of its chunks: what a layout that continues it begins with. Not all of them in a
       * group of an older program that was stopped early, see `knowsParents`.
       */
      readonly parents: readonly ParentChunk[];
      readonly knowsParents: boolean;
    };

/**
 * Looks at what stands in the store, changes nothing. The parents of the layout are not compared: a group may grow. Throws
 * only `bad-layout` and what the store throws.
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
    const taken = await takenPlace(store, layout, options);
    if (taken !== undefined) return { kind: 'taken', found: taken };
  } catch (error) {
    if (error instanceof MaggError && error.tag === 'damaged-store') return { kind: 'damaged', file: error.context.file ?? ROOT_KEY, found: error.message };
    throw error;
  }
  return inspectGroup(store, layout, options);
}

/** What stands in the way of the group or of one of its overviews. */
async function takenPlace(store: ObjectStore, layout: OpenLayout, options: Abortable): Promise<string | undefined> {
  const { childOrder } = layout;
  // A damaged node of the group itself is a difference of that group.
  const own = overviewOfNode(await readNode(store, `${childOrder}/zarr.json`, options).catch(() => undefined));
  if (own !== undefined) return `the group ${childOrder}/, an overview of the group ${own}/; choose another child order, or another store`;
  for (const order of overviewOrders(layout)) {
    const node = await readNode(store, `${order}/zarr.json`, options);
    if (!node) continue;
    const of = overviewOfNode(node);
    if (of === String(childOrder)) continue;
    return `${of === undefined ? `the group ${order}/` : `the group ${order}/, an overview of the group ${of}/`}, where the overview of order ${order} of the group ${childOrder}/ would be; leave out this overview, or choose another store`;
  }
  return undefined;
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
    return { kind: 'group', finished: false, differences, sameAttributes: false, group, parents: [], knowsParents: false };
  }
  const knowsParents = group.form === 'full-sphere' || parents.length >= group.chunks;
  return { kind: 'group', finished: group.finished, differences: [...differencesOf(group, layout)], sameAttributes: hasSameAttributes(group, layout), group, parents, knowsParents };
}

/** A template that was stopped leaves arrays without values, which are written anew; anything else is not ours. */
async function inspectStrays(store: ObjectStore, childOrder: number, options: Abortable): Promise<StoreState> {
  const isOurs = (key: string): boolean => /^\d+\/[^/]+\/zarr\.json$|^\d+\/[^/]+_bin\/c\/0$/.test(key) || key.startsWith(`${childOrder}/${PARENTS}/`);
  const stray = (await store.list(`${childOrder}/`, options)).find(key => !isOurs(key));
  return stray === undefined ? { kind: 'no-group' } : { kind: 'foreign', found: `${stray} in a folder without a zarr.json of its own` };
}
