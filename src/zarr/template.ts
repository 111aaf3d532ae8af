import type { Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { ROOT_KEY, unfinishStore } from './consolidated.js';
import { groupAttributes } from './dggs.js';
import { arraysOf, assertLayout, type StoreLayout } from './layout.js';
import { readNode, writeNode } from './metadata-node.js';
import { arrayNode, groupNode } from './metadata.js';

/**
 * Writes the metadata of the root, where there is none, and of the group `{childOrder}/` with all its arrays, or writes it
 * anew with grown arrays. Chunks that stand there stay. The group is unfinished afterwards; {@link finishStore}
 * ends that. The caller has looked at the place with `inspectStore`. Throws `bad-layout` before anything is written.
 */
export async function writeTemplate(store: ObjectStore, layout: StoreLayout, options: Abortable = {}): Promise<void> {
  assertLayout(layout);
  const group = String(layout.childOrder);
  if (await readNode(store, ROOT_KEY, options)) await unfinishStore(store, layout.childOrder, options);
  else await writeNode(store, ROOT_KEY, groupNode({}), options);
  await Promise.all(arraysOf(layout).map(array => writeNode(store, `${group}/${array.name}/zarr.json`, arrayNode(layout, array), options)));
  // Last: a group whose own metadata stands there has all its arrays.
  await writeNode(store, `${group}/zarr.json`, groupNode(groupAttributes(layout.childOrder, layout.latitude)), options);
}
