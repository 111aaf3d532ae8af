import { repairOf } from './repair-store.js';
import type { StoreGroup } from './store-groups.js';
import { formatNumber } from './summary-text.js';
import type { Verdict } from './verify-group.js';

/** Parents that a command names; more make a line that nobody reads. */
const MOST_PARENTS = 10;

/**
 * What to do about the problems of a group, or of one of its overviews: nothing that `magg run` refuses. `made`: the verdict of
 * the group itself, then those of its overviews from rows, of which the others are folded.
 */
export function adviceFor(path: string, group: StoreGroup, made: readonly [Verdict, ...Verdict[]], { childOrder, overviewOf, problems }: Verdict): string {
  const [main] = made;
  const again = `magg run CONFIG --store ${path}`;
  if (overviewOf === null) {
    const repair = repairOf(path, group);
    if (repair !== undefined) return repair;
    if (!group.exists) return `${again} computes the group anew`;
  } else if (problems.some(({ file }) => file === `${childOrder}/zarr.json`)) {
    return `move the folder ${path}/${childOrder} away if it is there, then ${again} --overwrite computes the group ${overviewOf} and its overviews anew`;
  }
  const anew = `${again} --overwrite computes the group ${overviewOf ?? childOrder} anew`;
  if (!problems.every(({ redo }) => redo)) return anew;
  if (overviewOf !== null && childOrder < main.parentOrder) {
    // A run folds all of them from what stands in the store.
    const damaged = made.find(verdict => verdict.problems.length > 0);
    if (damaged) return adviceFor(path, group, made, damaged);
    const [any] = main.withValues.keys();
    return any === undefined ? anew : `${again} --redo --morton-cell ${any} computes one parent anew and folds all of the overview again`;
  }
  const parents = [...new Set(problems.map(({ parent }) => parent!))];
  const redo = `${again} --redo${parents.slice(0, MOST_PARENTS).map(parent => ` --morton-cell ${parent}`).join('')} computes ${parents.length === 1 ? 'this parent' : 'these parents'} anew`;
  const more = parents.length - MOST_PARENTS;
  return more > 0 ? `${redo}; ${formatNumber(more)} more are damaged (--json lists them), --overwrite computes all anew` : redo;
}
