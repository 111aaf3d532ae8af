import { groupRuns, type RowBlock } from '../../aggregate/index.js';
import { fromErrorRecord, MaggError, throwIfAborted, type ErrorRecord } from '../../base/index.js';
import type { Backend, BackendContext, WorkContext } from '../backend.js';
import { completePlan, groupsOf, selectedCells, type CompletePlan, type Plan } from '../plan.js';
import { storeLayout } from '../store-layout.js';
import { storedColumns } from './column-plan.js';
import type { Crew } from './crew.js';
import { mapJob, taskCount } from './job.js';
import type { TaskResult } from './local-thread.js';
import { PLACE } from './messages.js';

export interface LocalBackendOptions {
  /** Makes the threads of one run; `tasks` is the number of (granule, group) tasks they will share. */
  readonly openCrew: (context: WorkContext, tasks: number) => Crew;
  /** Where threads find the store. */
  readonly storeUrl: string;
}

/**
 * Computes on the threads of this machine, granule by granule: every byte is read and inflated once, however many
 * cells a granule crosses. All granules are mapped to rows in memory, then cells are reduced one after the other.
 */
export function localBackend({ openCrew, storeUrl }: LocalBackendOptions): Backend {
  return {
    name: 'local',
    capabilities: { derivesCells: true },
    locate: (plan, context) => locateCells(plan, openCrew, context),
    async run(plan, context) {
      const job = mapJob(plan, 'rows', hasCells(plan) ? selectedCells(plan) : undefined);
      const crew = openCrew(context, taskCount(job));
      try {
        const results = inOrder(await crew.map(job));
        throwIfAborted(context.signal);
        for (const notice of absentGroups(plan, results)) context.onEvent({ type: 'run-notice', ...notice });
        const complete = await context.begin(hasCells(plan) ? plan : deriveCells(plan, results));
        await reduce(complete, results, crew, context);
      } finally {
        await crew.close();
      }
    }
  };

  async function reduce(plan: CompletePlan, results: readonly TaskResult[], crew: Crew, { onEvent, continues }: BackendContext): Promise<void> {
    const { cells, config } = plan;
    const computes = new Uint8Array(cells.length);
    for (const place of selectedCells(plan)) computes[place] = PLACE.compute;
    if (plan.stale) cells.forEach(({ nested }, place) => { if (plan.stale!.has(nested)) computes[place] = PLACE.erase; });
    const groups = groupsOf(config);
    for (const [place, { error, granule, group }] of failedCells(plan, results)) {
      if (computes[place] !== PLACE.compute) continue;
      computes[place] = continues ? PLACE.erase : PLACE.leave;
      const { tag, message, retryable } = error;
      onEvent({ type: 'cell-failed', cell: cells[place]!.morton, tag, message, retryable, attempt: 1, granule: plan.granules[granule]!.id, group: groups[group]! });
    }
    const places = new Map(cells.map((cell, place) => [cell.nested, place]));
    for (const [nested, place] of [...places]) if (computes[place] !== PLACE.compute) places.delete(nested);
    const blocks: RowBlock[] = [];
    for (const result of results) if (result.kind === 'mapped' && result.mapped.block) blocks.push(result.mapped.block);
    await crew.reduce({
      storeUrl,
      layout: storeLayout(plan),
      variables: config.variables,
      columns: storedColumns(config),
      hasFilters: config.source.filters.length > 0,
      mortons: cells.map(cell => cell.morton),
      continues,
      computes,
      grouped: groupRuns(blocks, cells.length, places, crew.allocate),
      blocks
    });
  }
}

/**
 * The cells that the rows of a list of granules touch, filters not applied: a plan's cells without reading values.
 * Throws the first failure, for a granule that cannot be read has cells that nobody knows.
 */
export async function locateCells(plan: Plan, openCrew: LocalBackendOptions['openCrew'], context: WorkContext): Promise<CompletePlan> {
  const job = mapJob({ ...plan, cells: undefined }, 'positions', undefined);
  const crew = openCrew(context, taskCount(job));
  try {
    const results = inOrder(await crew.map(job));
    for (const result of results) if (result.kind === 'failed') throw fromErrorRecord(result.error);
    return deriveCells(plan, results);
  } finally {
    await crew.close();
  }
}

/** A beam may be missing from a granule; one that is missing from all of them is more likely misspelt. */
function absentGroups(plan: Plan, results: readonly TaskResult[]): readonly { readonly tag: string; readonly message: string }[] {
  const isAbsent = (group: number): boolean => {
    const own = results.filter(result => result.group === group);
    return own.length > 0 && own.every(result => result.kind === 'mapped' && result.mapped.outcome === 'absent');
  };
  return groupsOf(plan.config).flatMap((name, group) =>
    name === null || !isAbsent(group)
      ? []
      : [{ tag: 'group-absent', message: `the group ${name} is in none of the granules that were read; if that is not meant, correct data_source.groups (magg inspect lists what a granule holds)` }]
  );
}

const hasCells = (plan: Plan): plan is CompletePlan => plan.cells !== undefined;

/** By granule, then group: whichever thread took a task, and when, must not show. */
function inOrder(results: readonly TaskResult[]): readonly TaskResult[] {
  return [...results].sort((a, b) => a.granule - b.granule || a.group - b.group);
}

function deriveCells(plan: Plan, results: readonly TaskResult[]): CompletePlan {
  const found = new Map<number, number[]>();
  for (const result of results) {
    const parents = result.kind === 'failed' ? result.parents : result.mapped.block?.runs.parents;
    if (result.kind === 'failed' && !parents) throw unlocated(result.error);
    for (const parent of parents ?? []) {
      const granules = found.get(parent);
      if (!granules) found.set(parent, [result.granule]);
      else if (granules[granules.length - 1] !== result.granule) granules.push(result.granule);
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

/** Cells that lack rows because a read failed, each with the first failure in the order of granules and groups. */
function failedCells(plan: CompletePlan, results: readonly TaskResult[]): ReadonlyMap<number, Extract<TaskResult, { kind: 'failed' }>> {
  const failed = new Map<number, Extract<TaskResult, { kind: 'failed' }>>();
  for (const result of results) {
    if (result.kind !== 'failed') continue;
    const touched = result.parents && new Set(result.parents);
    plan.cells.forEach((cell, place) => {
      if (failed.has(place) || !cell.granules.includes(result.granule)) return;
      if (!touched || touched.has(cell.nested)) failed.set(place, result);
    });
  }
  return failed;
}
