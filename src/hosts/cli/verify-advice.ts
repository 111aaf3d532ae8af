import { repairOf } from './repair-store.js';
import type { StoreGroup } from './store-groups.js';
import { formatNumber } from './summary-text.js';
import type { Verdict } from './verify-group.js';

/** Parents that a command names; more make a line that nobody reads. */
const MOST_PARENTS = 10;

/**
 * What to do about the problems of a group, or of one of its overviews: nothing that `magg run` refuses. `main`: the verdict of
 * the group itself.
 */
export function adviceFor(path: string, group: StoreGroup, main: Verdict, { childOrder, overviewOf, problems }: Verdict): string {
  const again = `magg run CONFIG --store ${path}`;
  if (overviewOf === null) {
    const repair = repairOf(path, group);
    if (repair !== undefined) return repair;
    if (!group.exists) return `${again} computes the group anew`;
  } else if (problems.some(({ file }) => file === `${childOrder}/zarr.json`)) {
    return `move the folder ${path}/${childOrder} away if it is there, then ${again} --overwrite computes the group ${overviewOf} and its overviews anew`;
  }
  // An overview coarser than the parents of the group has others.
  const isFolded = childOrder < main.parentOrder;
  const parents = isFolded || !problems.every(({ redo }) => redo) ? [] : [...new Set(problems.map(({ parent }) => parent!))];
  if (parents.length === 0) return `${again} --overwrite computes the group ${overviewOf ?? childOrder} anew`;
  const redo = `${again} --redo${parents.slice(0, MOST_PARENTS).map(parent => ` --morton-cell ${parent}`).join('')} computes ${parents.length === 1 ? 'this parent' : 'these parents'} anew`;
  const more = parents.length - MOST_PARENTS;
  return more > 0 ? `${redo}; ${formatNumber(more)} more are damaged (--json lists them), --overwrite computes all anew` : redo;
}
