import { MaggError, type ErrorRecord } from '../../base/index.js';
import type { ReadOutcome } from '../events.js';
import type { CellFailure } from './reduce-cell.js';
import { completePlan, groupsOf, type CompletePlan, type Plan } from '../plan.js';
import type { GranuleIndex } from './granule-index.js';

/** How one (granule, group) task ended. */
export type TaskResult = MappedTask | FailedTask;

export interface MappedTask {
  readonly kind: 'mapped';
  /** Positions in the plan's granules and groups. */
  readonly granule: number;
  readonly group: number;
  readonly outcome: ReadOutcome;
  /** No row of the wanted cells is there, whatever the filters say; false where all rows were wanted and some are there. */
  readonly isBare: boolean;
  /** Parents that its rows touch, by nested id; undefined when the plan has its cells already. */
  readonly parents: Float64Array | undefined;
  /** For the granule's saved index; undefined when nothing is new. */
  readonly learned: GranuleIndex | undefined;
}

export interface FailedTask {
  readonly kind: 'failed';
  readonly granule: number;
  readonly group: number;
  readonly error: ErrorRecord;
  /** Parents that its rows touch, by nested id; undefined when the coordinates cannot be read either. */
  readonly parents: Float64Array | undefined;
}

/** By granule, then group: whichever thread took a task, and when, must not show. */
export function inOrder(results: readonly TaskResult[]): readonly TaskResult[] {
  return [...results].sort((a, b) => a.granule - b.granule || a.group - b.group);
}

/** A beam may be missing from a granule; those that are missing from all of them are more likely misspelt. Undefined without any. */
export function absentGroups({ config }: Plan, results: readonly TaskResult[]): { readonly tag: string; readonly message: string } | undefined {
  const groups = groupsOf(config);
  const read = new Uint8Array(groups.length);
  const found = new Uint8Array(groups.length);
  for (const result of results) {
    read[result.group] = 1;
    if (result.kind === 'failed' || result.outcome !== 'absent') found[result.group] = 1;
  }
  const absent = groups.filter((name, group): name is string => name !== null && read[group] === 1 && found[group] === 0);
  if (absent.length === 0) return undefined;
  const which = absent.length === 1 ? `the group ${absent[0]!} is` : `the groups ${absent.join(', ')} are`;
  return { tag: 'group-absent', message: `${which} in none of the granules that were read; if that is not meant, correct data_source.groups (magg inspect lists what a granule holds)` };
}

/** The plan with the cells that the results touch. `results` in order. Throws `no-rows`, and the first failure whose cells are unknown. */
export function deriveCells(plan: Plan, results: readonly TaskResult[]): CompletePlan {
  const found = new Map<number, number[]>();
  for (const result of results) {
    const { granule, parents } = result;
    if (result.kind === 'failed' && !parents) throw unlocated(result.error);
    for (const parent of parents ?? []) {
      const granules = found.get(parent);
      if (!granules) found.set(parent, [granule]);
      else if (granules[granules.length - 1] !== granule) granules.push(granule);
    }
  }
  if (found.size === 0) {
    throw new MaggError('no-rows', `expected rows in the ${plan.granules.length} granules, found none: no group of the config is in any of them, or all are empty; check data_source.groups and the coordinate paths with magg inspect`);
  }
  return completePlan(plan, found);
}

function unlocated(error: ErrorRecord): MaggError {
  const { message, tag, context, retryable } = error;
  return new MaggError(tag, `${message.replace(/[.]?$/, '.')} Which cells its rows touch is unknown, so nothing was written.`, { context, retryable });
}

/**
 * Places of the cells that lack rows because a read failed, each with the first failure in the order of granules and
 * groups. `results` in order.
 */
export function failedCells({ cells }: CompletePlan, results: readonly TaskResult[]): ReadonlyMap<number, FailedTask> {
  const failures = results.filter((result): result is FailedTask => result.kind === 'failed');
  const placesOf = new Map<number, number[]>(failures.map(({ granule }) => [granule, []]));
  if (failures.length > 0) cells.forEach((cell, place) => cell.granules.forEach(granule => placesOf.get(granule)?.push(place)));
  const failed = new Map<number, FailedTask>();
  for (const failure of failures) {
    const touched = failure.parents && new Set(failure.parents);
    for (const place of placesOf.get(failure.granule)!) {
      if (!failed.has(place) && (!touched || touched.has(cells[place]!.nested))) failed.set(place, failure);
    }
  }
  return failed;
}

/** What a failed read means for a cell. */
export function failureOf({ config, granules }: Pick<Plan, 'config' | 'granules'>, { error, granule, group }: FailedTask): CellFailure {
  const { tag, message, retryable } = error;
  return { tag, message, retryable, granule: granules[granule]!.id, group: groupsOf(config)[group]! };
}
