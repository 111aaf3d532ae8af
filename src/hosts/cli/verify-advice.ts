import { repairOf } from './repair-store.js';
import type { StoreGroup } from './store-groups.js';
import { formatNumber } from './summary-text.js';
import { isExact, type Problem, type Verdict } from './verify-group.js';

/** Parents that a command names; more make a line that nobody reads. */
const MOST_PARENTS = 10;

/**
 * What to do about the problems of a group and of its overviews together, since a run that mends only some of them may be stopped
 * by the others: nothing that `magg run` refuses. `verdicts`: that of the group itself first. `hasJournal`: whether the cells that
 * a run is not asked for stay as they are.
 */
export function adviceFor(path: string, group: StoreGroup, verdicts: readonly [Verdict, ...Verdict[]], hasJournal: boolean): string {
  const [main] = verdicts;
  const again = `magg run CONFIG --store ${path}`;
  const problems = verdicts.flatMap(verdict => verdict.problems);
  // A run takes what stands there for somebody else's group.
  const away = verdicts.filter(verdict => verdict !== main && verdict.problems.some(({ file }) => file === `${verdict.childOrder}/zarr.json`)).map(({ childOrder }) => `the folder ${path}/${childOrder}`);
  const moves = away.length > 0 ? `move ${away.join(' and ')} away if ${away.length === 1 ? 'it is' : 'they are'} there, then ` : '';
  const repair = repairOf(path, group);
  if (repair !== undefined) return moves + repair;
  if (!group.exists) return `${moves}${again} computes the group anew`;
  if (away.length > 0) return `${moves}${again} --overwrite computes the group ${group.childOrder} and its overviews anew`;
  if (!problems.every(({ redo }) => redo)) return `${again} --overwrite computes the group ${group.childOrder} anew`;
  if (!hasJournal) return `${again}${problems.some(problem => isOfIds(problem, group)) ? ' --redo' : ''} computes all cells anew, since without a journal nobody knows what they were made from`;
  const parents = [...new Set(verdicts.filter(verdict => verdict === main || isExact(verdict, main)).flatMap(verdict => verdict.problems.flatMap(({ parent }) => parent ?? [])))];
  if (parents.length > MOST_PARENTS) return `${again} --redo computes all parents anew; only the ${formatNumber(parents.length)} that --json lists are damaged`;
  if (parents.length > 0) return `${again} --redo${parents.map(parent => ` --morton-cell ${parent}`).join('')} computes ${parents.length === 1 ? 'this parent' : 'these parents'} anew`;
  const [any] = main.withValues.keys();
  if (any === undefined) return `${again} --redo computes all parents anew`;
  return `${again} --redo --morton-cell ${any} computes one parent anew, and with it writes anew what is not of a single one`;
}

/** Ids of a finished group are written only by a run that is told to. */
const isOfIds = ({ array, file }: Problem, { childOrder }: StoreGroup): boolean => ['cell_ids', 'morton'].map(name => `${childOrder}/${name}`).some(ids => array === ids || file?.startsWith(`${ids}/`) === true);
