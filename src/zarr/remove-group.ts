import { Limiter, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { unfinishStore } from './consolidated.js';

const CONCURRENCY = 16;

/**
 * Removes the group `{childOrder}/` and nothing else. Its own metadata goes last: stopped half-way, it is still found as a
 * group, unfinished, and can be removed again.
 */
export async function removeGroup(store: ObjectStore, childOrder: number, options: Abortable = {}): Promise<void> {
  await unfinishStore(store, childOrder, options);
  const group = `${childOrder}/`;
  const limiter = new Limiter(CONCURRENCY);
  const keys = await store.list(group, options);
  const rounds = [
    keys.filter(key => !key.endsWith('/zarr.json')),
    keys.filter(key => key.endsWith('/zarr.json') && key !== `${group}zarr.json`),
    keys.filter(key => key === `${group}zarr.json`)
  ];
  for (const round of rounds) await Promise.all(round.map(key => limiter.run(() => store.delete(key, options))));
}
