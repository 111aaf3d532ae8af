import type { RunEvent } from './events.js';
import type { JournalFiles } from './journal.js';
import type { RunSummary } from './summary.js';

/** What the journal knows of a cell: how the last run that worked on it left it. */
export interface CellRecord {
  /** `partial`: rows of failed reads are missing; `started`: the run ended in the middle of it. */
  readonly outcome: 'data' | 'partial' | 'empty' | 'failed' | 'started';
  /** Plan whose values the store holds; for `current` cells the newest that found them so. */
  readonly planId: string;
  /** Rows in the cell, and child cells with at least one. */
  readonly obs: number;
  readonly cellsWithData: number;
  /** Hash of the decoded values; undefined where there are none. */
  readonly hash: string | undefined;
  /** Why it failed. */
  readonly error: { readonly tag: string; readonly message: string } | undefined;
}

/** One run as its record tells it. */
export interface RunRecord {
  /** Name of its record, such as `events-000002-9f3a`. */
  readonly name: string;
  /** Undefined when it ended before its cells were known. */
  readonly planId: string | undefined;
  readonly cellsPlanned: number;
  readonly cellsSelected: number;
  /** Undefined when it was cut off. */
  readonly ended: { readonly how: 'finished' | 'cancelled'; readonly summary: RunSummary } | undefined;
  /** Lines that could not be read; the last one of a run that was cut off is not counted. */
  readonly damagedLines: number;
}

/** All runs of a group, folded. */
export interface JournalRecord {
  /** A run that replaces the store has begun and no run has come to its end since: cells that are not known may hold anything. */
  readonly isReplacing: boolean;
  /** Oldest first. */
  readonly runs: readonly RunRecord[];
  /** By signed decimal morton id. */
  readonly cells: ReadonlyMap<string, CellRecord>;
}

/** Events that say nothing of a cell are most of a journal: they are told apart before they are parsed. */
const OF_GRANULES = /^\{"type":"(granule-|run-notice)/;

/** Reads the records of all runs. A torn last line is dropped; any other that cannot be read is counted and its cell is not known. */
export async function readJournal(files: JournalFiles): Promise<JournalRecord> {
  const cells = new Map<string, CellRecord>();
  const runs: RunRecord[] = [];
  let isReplacing = false;
  for (const { name, text } of await files.events()) {
    let planId: string | undefined;
    let cellsPlanned = 0, cellsSelected = 0, damagedLines = 0;
    let ended: RunRecord['ended'];
    forEachLine(text, (line, isTorn) => {
      if (OF_GRANULES.test(line)) return;
      const event = parseEvent(line);
      if (!event) {
        if (!isTorn) damagedLines++;
        return;
      }
      switch (event.type) {
        case 'cells-planned':
          planId = event.planId;
          if (event.replaces) {
            cells.clear();
            isReplacing = true;
          }
          cellsPlanned = event.cells;
          cellsSelected = event.selected;
          return;
        case 'run-finished':
        case 'run-cancelled':
          if (planId !== undefined && (event.summary.outcome === 'complete' || event.summary.outcome === 'partial')) isReplacing = false;
          ended = { how: event.type === 'run-finished' ? 'finished' : 'cancelled', summary: event.summary };
          return;
        default:
          if (planId !== undefined) recordCell(cells, event, planId);
      }
    });
    runs.push({ name, planId, cellsPlanned, cellsSelected, ended, damagedLines });
  }
  return { runs, cells, isReplacing };
}

/** Takes what an event says of a cell into the records; other events say nothing. */
export function recordCell(cells: Map<string, CellRecord>, event: RunEvent, planId: string): void {
  const none = { planId, obs: 0, cellsWithData: 0, hash: undefined, error: undefined };
  switch (event.type) {
    case 'cell-started':
      cells.set(event.cell, { ...none, outcome: 'started' });
      return;
    case 'cell-finished':
      cells.set(event.cell, { ...none, outcome: event.isWhole ? 'data' : 'partial', obs: event.obs, cellsWithData: event.cellsWithData, hash: event.hash });
      return;
    case 'cell-empty':
      cells.set(event.cell, { ...none, outcome: 'empty' });
      return;
    case 'cell-failed':
      cells.set(event.cell, { ...none, outcome: 'failed', error: { tag: event.tag, message: event.message } });
      return;
    case 'cell-current': {
      const known = cells.get(event.cell);
      if (known) cells.set(event.cell, { ...known, planId });
      return;
    }
    case 'run-started':
    case 'run-notice':
    case 'cells-planned':
    case 'granule-started':
    case 'granule-finished':
    case 'granule-failed':
    case 'granule-retried':
    case 'run-finished':
    case 'run-cancelled':
      return;
  }
}

/** Lines without their ends; the last one is torn when nothing ends it. */
function forEachLine(text: string, take: (line: string, isTorn: boolean) => void): void {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    take(end < 0 ? text.slice(from) : text.slice(from, end), end < 0);
    if (end < 0) return;
    from = end + 1;
  }
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    const value = JSON.parse(line) as RunEvent | null;
    return typeof value === 'object' && typeof value?.type === 'string' ? value : undefined;
  } catch {
    // Cut off or damaged: the caller counts it.
    return undefined;
  }
}
