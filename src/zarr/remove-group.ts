import { Limiter, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { unfinishStore } from './consolidated.js';
import { arraysOf, type StoreLayout } from './layout.js';

const CONCURRENCY = 16;

/**
 * Removes the group `{childOrder}/` and nothing else. Its own metadata goes last: stopped half-way, it is still found as a
 * group, unfinished, and can be removed again.
 */
export function removeGroup(store: ObjectStore, childOrder: number, options: Abortable = {}): Promise<void> {
  return removeKeys(store, childOrder, () => true, options);
}

/**
 * Makes room for a layout in place of the group that stands there: like {@link removeGroup}, but chunks that the layout may
 * write stay, since replacing a file is ten times as fast as removing and making it. The writer of the new group must erase
 * the chunks of cells for which it has no values. Until it is finished the group counts as unfinished.
 */
export function makeRoom(store: ObjectStore, layout: StoreLayout, options: Abortable = {}): Promise<void> {
  const names = new Set(arraysOf(layout).map(({ name }) => name));
  const isOurs = (key: string): boolean => {
    const match = /^\d+\/([^/]+)\/c\/(\d+)$/.exec(key);
    return match !== null && names.has(match[1]!) && String(Number(match[2])) === match[2] && Number(match[2]) < layout.parents.length;
  };
  return removeKeys(store, layout.childOrder, key => !isOurs(key), options);
}

async function removeKeys(store: ObjectStore, childOrder: number, removes: (key: string) => boolean, options: Abortable): Promise<void> {
  await unfinishStore(store, childOrder, options);
  const group = `${childOrder}/`;
  const limiter = new Limiter(CONCURRENCY);
  const keys = (await store.list(group, options)).filter(removes);
  const rounds = [
    keys.filter(key => !key.endsWith('/zarr.json')),
    keys.filter(key => key.endsWith('/zarr.json') && key !== `${group}zarr.json`),
    keys.filter(key => key === `${group}zarr.json`)
  ];
  for (const round of rounds) await Promise.all(round.map(key => limiter.run(() => store.delete(key, options))));
}
