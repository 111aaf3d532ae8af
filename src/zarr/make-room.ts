import { Limiter, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { arraysOf, chunkKeyOf, chunkNumber } from './array-spec.js';
import { overviewOfNode, unfinishStore } from './consolidated.js';
import { PARENTS, type StoreLayout } from './layout.js';
import { readNode } from './metadata-node.js';
import { overviewLayouts } from './overview-layouts.js';

const CONCURRENCY = 16;

/**
 * Makes room for a layout in place of the group `{childOrder}/` and its overviews, and removes nothing else. Chunks that the
 * layout may write stay, since replacing a file is ten times as fast as removing and making it: the writer of the new group
 * must erase the chunks of cells for which it has no values. Until it is finished the group counts as unfinished. Its own
 * metadata stay for the template to replace: stopped half-way, it is still found as a group, and room can be made again.
 */
export async function makeRoom(store: ObjectStore, layout: StoreLayout, options: Abortable = {}): Promise<void> {
  await unfinishStore(store, layout.childOrder, options);
  const layouts = [layout, ...overviewLayouts(layout)];
  const stay = new Set(layouts.flatMap(chunkKeys));
  const nodes = new Set(layouts.flatMap(one => [...arraysOf(one).map(({ name }) => name), PARENTS].map(name => `${one.childOrder}/${name}`)));
  for (const order of await ownOverviews(store, layout.childOrder, options)) await removeGroup(store, order, { stay, nodes }, options);
  await removeGroup(store, layout.childOrder, { stay: stay.add(`${layout.childOrder}/zarr.json`), nodes }, options);
}

function chunkKeys(layout: StoreLayout): readonly string[] {
  const specs = arraysOf(layout).filter(({ role }) => role === 'variable' || (role === 'ids' && layout.overviewOf === undefined));
  return layout.parents.flatMap((_, place) => specs.map(spec => chunkKeyOf(layout.childOrder, spec, chunkNumber(layout, place))));
}

async function ownOverviews(store: ObjectStore, childOrder: number, options: Abortable): Promise<readonly number[]> {
  const orders: number[] = [];
  for (let order = 0; order < childOrder; order++) {
    if (overviewOfNode(await readNode(store, `${order}/zarr.json`, options)) === String(childOrder)) orders.push(order);
  }
  return orders;
}

/** What is still wanted: objects, and arrays and groups of which others will be put. */
interface Wanted {
  readonly stay: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
}

async function removeGroup(store: ObjectStore, order: number, { stay, nodes }: Wanted, options: Abortable): Promise<void> {
  const group = `${order}/`;
  const limiter = new Limiter(CONCURRENCY);
  const keys = (await store.list(group, options)).filter(key => !stay.has(key));
  const rounds = [
    keys.filter(key => !key.endsWith('/zarr.json')),
    keys.filter(key => key.endsWith('/zarr.json') && key !== `${group}zarr.json`),
    keys.filter(key => key === `${group}zarr.json`)
  ];
  for (const round of rounds) await Promise.all(round.map(key => limiter.run(() => store.delete(key, { ...options, keepsFolder: isUsedFolder(key, nodes) }))));
}

/** Whether objects will stand again where this one does: metadata and chunks of arrays; but a chunk of a histogram has a folder of its own. */
function isUsedFolder(key: string, nodes: ReadonlySet<string>): boolean {
  const [order, name, ...rest] = key.split('/');
  return nodes.has(`${order}/${name}`) && (name === PARENTS || rest.length < 3);
}
