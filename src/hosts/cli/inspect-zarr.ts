import { MaggError } from '../../base/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { listGroups, readGroup, readParents } from '../../zarr/index.js';
import type { Inspection } from './inspect-command.js';
import { cellSizeText, formatCount } from './summary-text.js';

/** The groups of a store: grid, latitude convention, variables, whether it is finished. */
export async function inspectZarr(path: string): Promise<Inspection> {
  const store = folderStore(path);
  const orders = await listGroups(store);
  if (orders.length === 0) throw new MaggError('not-a-store', `${path} holds no group of a magg store, which has the name of a HEALPix order (such as 12); name the folder of a store`);
  const lines = [`${path}: Zarr v3, groups of order ${orders.join(', ')}`];
  const groups: unknown[] = [];
  for (const order of orders) {
    const group = await readGroup(store, order);
    if (!group) continue;
    const parents = await readParents(store, group);
    lines.push(
      `  ${order}/: HEALPix order ${order} (about ${cellSizeText(order)}) in ${formatCount(group.chunks, 'chunk')} of order ${group.parentOrder}, ${group.latitude ?? 'unknown'} latitude, ${group.finished ? 'finished' : 'not finished'}`
    );
    const width = Math.max(...group.variables.map(variable => variable.name.length), 8);
    for (const { name, dtype, fillValue, compression } of group.variables) lines.push(`    ${name.padEnd(width)}  ${dtype}  fill ${fillValue}  ${compression}`);
    groups.push({
      child_order: order, parent_order: group.parentOrder, latitude: group.latitude ?? null, finished: group.finished, chunks: group.chunks,
      variables: group.variables.map(({ name, dtype, fillValue, compression }) => ({ name, dtype, fill_value: String(fillValue), compression })),
      parents: parents.map(({ parent }) => parent.toString())
    });
  }
  return { lines, data: { kind: 'zarr', path, groups } };
}
