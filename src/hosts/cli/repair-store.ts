import type { StoreGroup } from './store-groups.js';

/** What the root of a store of ours says before anything is finished in it. */
const EMPTY_ROOT = '{"zarr_format":3,"node_type":"group"}';

/**
 * What to do before `magg run` goes on with a store of which the metadata of the root or of the group are missing, since it
 * takes such a folder for somebody else's; undefined where nothing stands in its way.
 */
export function repairOf(path: string, { childOrder, exists, hasChunks, hasRoot }: Pick<StoreGroup, 'childOrder' | 'exists' | 'hasChunks' | 'hasRoot'>): string | undefined {
  const again = `magg run CONFIG --store ${path}`;
  if (!exists && hasChunks) {
    const root = hasRoot ? '' : `write ${EMPTY_ROOT} to ${path}/zarr.json, `;
    return `${root}move the folder ${path}/${childOrder} away, then ${again} computes the group anew`;
  }
  if (exists && !hasRoot) return `write ${EMPTY_ROOT} to ${path}/zarr.json, then ${again} makes it whole; each other group of the store needs a run too`;
  return undefined;
}
