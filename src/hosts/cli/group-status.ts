import { mortonDecimal } from '../../grid/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import type { RunProgress, RunRecord } from '../../runner/index.js';
import type { JournalStanding } from '../../runner/journal-reader.node.js';
import { readParentRecords, type ParentState } from '../../zarr/index.js';
import { failedReads, type FailedRead } from './failed-reads.js';
import type { StoreGroup } from './store-groups.js';

export interface CellCounts {
  /** Parents of the group; null where nothing tells. */
  readonly planned: number | null;
  readonly data: number;
  readonly empty: number;
  /** Written without the rows of failed reads. */
  readonly partial: number;
  /** With the values of an earlier run, since they could not be computed anew. */
  readonly outdated: number;
  readonly failed: number;
  /** Begun by a run that was cut off, or being computed. */
  readonly started: number;
  /** Not computed yet. */
  readonly left: number;
}

export interface FailedCell {
  readonly cell: string;
  readonly tag: string;
  readonly message: string;
  readonly granule: string | null;
  readonly group: string | null;
}

export interface LastRun {
  readonly record: RunRecord;
  readonly how: 'running' | 'finished' | 'cancelled' | 'cut-off';
  readonly progress: RunProgress;
}

/** What stands in one group of a store, and what happens to it. */
export interface GroupStatus {
  readonly childOrder: number;
  /**
   * complete: every parent finished or empty, nothing unaccounted for; failed: no parent has values and not all are empty;
   * gone: there were values, and the group or the store is not there any more.
   */
  readonly state: 'running' | 'complete' | 'partial' | 'failed' | 'gone';
  readonly group: StoreGroup;
  /** What the answer rests on. */
  readonly from: 'journal' | 'parents' | 'attributes';
  /** Who writes it. */
  readonly holder: string | undefined;
  readonly runs: number;
  readonly last: LastRun | undefined;
  readonly cells: CellCounts;
  /** Rows in cells with values; null where nothing tells. */
  readonly observations: number | null;
  readonly failures: readonly FailedCell[];
  /** Cells that are written without the rows of failed reads: signed decimal morton ids. */
  readonly partialCells: readonly string[];
  /** Why cells hold the values of an earlier run. */
  readonly outdatedCells: readonly FailedCell[];
  /** Reads whose rows the cells written without some lack, as far as the journal tells. */
  readonly failedReads: readonly FailedRead[];
  readonly damagedLines: number;
  /** Rows in no cell of the catalog. */
  readonly rowsOutside: number;
}

/** The status by the journal, or by what the store itself says where that has no run. */
export async function groupStatus(path: string, group: StoreGroup, journal: JournalStanding | undefined): Promise<GroupStatus> {
  return journal && journal.record.runs.length > 0 ? fromJournal(path, group, journal) : fromStore(path, group, journal?.holder);
}

/** Stores of older programs do not say it. */
const isSaidComplete = ({ finished, completeness }: StoreGroup): boolean => finished && (completeness === undefined || completeness === 'complete');

function fromJournal(path: string, group: StoreGroup, { record, progress, holder }: JournalStanding): GroupStatus {
  const counts = { data: 0, empty: 0, partial: 0, outdated: 0, failed: 0, started: 0 };
  let observations = 0;
  const failures: FailedCell[] = [];
  const partialCells: string[] = [];
  const outdatedCells: FailedCell[] = [];
  for (const [cell, { outcome, obs, error }] of record.cells) {
    counts[outcome]++;
    observations += obs;
    if (outcome === 'partial') partialCells.push(cell);
    if (error) (outcome === 'outdated' ? outdatedCells : failures).push({ cell, ...error });
  }
  const run = record.runs.at(-1)!;
  const planned = record.runs.reduce((most, { cellsPlanned }) => Math.max(most, cellsPlanned), 0);
  const left = planned - counts.data - counts.empty - counts.partial - counts.outdated - counts.failed - counts.started;
  const how = holder !== undefined ? 'running' : run.ended ? run.ended.how : 'cut-off';
  const isWhole = planned > 0 && counts.data + counts.empty === planned && isSaidComplete(group) && run.ended?.summary.outcome !== 'partial';
  return {
    childOrder: group.childOrder, group, from: 'journal', holder, runs: record.runs.length, last: { record: run, how, progress: progress! },
    state: how === 'running' ? 'running' : isWhole ? 'complete' : counts.data + counts.partial + counts.outdated === 0 ? 'failed' : group.exists ? 'partial' : 'gone',
    cells: { planned, ...counts, left: Math.max(0, left) }, observations, failures, partialCells, outdatedCells, failedReads: counts.partial > 0 ? failedReads(path, group.childOrder, record) : [],
    damagedLines: record.runs.reduce((sum, { damagedLines }) => sum + damagedLines, 0), rowsOutside: [...record.outside.values()].reduce((sum, rows) => sum + rows, 0)
  };
}

const PLACES: Readonly<Record<ParentState, Exclude<keyof CellCounts, 'planned'>>> = { data: 'data', empty: 'empty', partial: 'partial', failed: 'failed', 'not-computed': 'left', outdated: 'outdated' };

async function fromStore(path: string, group: StoreGroup, holder: string | undefined): Promise<GroupStatus> {
  const records = group.exists && group.finished ? await readParentRecords(folderStore(path), group.childOrder) : undefined;
  const counts = { data: 0, empty: 0, partial: 0, outdated: 0, failed: 0, started: 0, left: 0 };
  for (const { state } of records ?? []) counts[PLACES[state]]++;
  const { parentOrder } = group;
  const partialCells = parentOrder === undefined ? [] : (records ?? []).flatMap(({ state, parent }) => (state === 'partial' ? [mortonDecimal(parent, parentOrder).toString()] : []));
  return {
    childOrder: group.childOrder, group, from: records ? 'parents' : 'attributes', holder, runs: 0, last: undefined,
    state: holder !== undefined ? 'running' : isSaidComplete(group) ? 'complete' : group.exists ? 'partial' : group.isListed ? 'gone' : 'failed',
    cells: { planned: records?.length ?? null, ...counts }, observations: records ? records.reduce((sum, record) => sum + record.observations, 0) : null,
    failures: [], partialCells, outdatedCells: [], failedReads: [], damagedLines: 0, rowsOutside: 0
  };
}

