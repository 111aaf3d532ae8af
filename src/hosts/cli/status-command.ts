import { MaggError } from '../../base/index.js';
import { JournalReader } from '../../runner/journal-reader.node.js';
import { printable, type CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { groupStatus, type GroupStatus } from './group-status.js';
import { progressBar } from './progress-bar.js';
import { storeGroups } from './store-groups.js';
import { nextStep, statusLines } from './status-text.js';

export interface StatusOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

const POLL_MS = 500;

/** `magg status`: 0 all is there; 3 something is missing or still to come; 1 there is nothing of any group. */
export async function statusCommand(path: string, { watch = false, json = false }: StatusOptions, host: CliHost): Promise<ExitCode> {
  const look = lookAt(path);
  const show = (groups: readonly GroupStatus[]): void =>
    host.out(json ? `${JSON.stringify(statusJson(path, groups))}\n` : groups.map(group => `${statusLines(path, group).map(printable).join('\n')}\n`).join(''));
  let groups = await look();
  if (watch) groups = await follow(path, groups, look, json ? show : undefined, host);
  show(groups);
  return exitCodeOf(groups);
}

/** Looks until no group is written any more, or Ctrl-C; gives what it saw last. `onChange` undefined: a bar on the terminal. */
async function follow(path: string, first: readonly GroupStatus[], look: () => Promise<readonly GroupStatus[]>, onChange: ((groups: readonly GroupStatus[]) => void) | undefined, host: CliHost): Promise<readonly GroupStatus[]> {
  let groups = first, before = '', isDrawn = false;
  const draw = (): void => {
    const columns = host.columns();
    if (onChange) onChange(groups);
    else if (columns !== undefined) {
      host.err(`\r${barOf(groups, columns)}\x1b[K`);
      isDrawn = true;
    }
  };
  try {
    return await host.withInterrupt(async signal => {
      while (groups.some(({ state }) => state === 'running') && !signal.aborted) {
        const now = JSON.stringify(groups.map(({ last, cells }) => [last?.progress, cells]));
        if (now !== before) draw();
        before = now;
        await host.wait(POLL_MS, signal);
        groups = await look();
      }
      return groups;
    });
  } catch (cause) {
    if (!(cause instanceof MaggError) || cause.tag !== 'not-a-store') throw cause;
    throw new MaggError('no-store', `the run has ended and written nothing to ${path}; it said why where it was started`, { cause });
  } finally {
    if (isDrawn) host.err('\r\x1b[K');
  }
}

/** Reads all groups again at each call; of the journals only what is new. */
function lookAt(path: string): () => Promise<readonly GroupStatus[]> {
  const readers = new Map<number, JournalReader>();
  return async () => {
    const found: GroupStatus[] = [];
    for (const group of storeGroups(path)) {
      const reader = readers.get(group.childOrder) ?? new JournalReader(path, group.childOrder);
      readers.set(group.childOrder, reader);
      found.push(await groupStatus(path, group, reader.read()));
    }
    return found;
  };
}

function exitCodeOf(groups: readonly GroupStatus[]): ExitCode {
  if (groups.every(({ state }) => state === 'complete')) return EXIT.ok;
  return groups.every(({ state }) => state === 'failed') ? EXIT.failed : EXIT.partial;
}

function barOf(groups: readonly GroupStatus[], columns: number): string {
  const last = groups.find(({ state }) => state === 'running')!.last;
  if (!last) return 'the run has not begun yet'.slice(0, columns - 1);
  const { progress: { counts, groupsEnded, cellsEnded, cellsFailed }, record } = last;
  return progressBar({ groups: counts ? counts.granules * counts.groups : 0, groupsDone: groupsEnded, cells: record.cellsSelected, cellsDone: cellsEnded, failed: cellsFailed, elapsedS: 0 }, columns);
}

function statusJson(path: string, groups: readonly GroupStatus[]): unknown {
  return {
    store: path,
    exit_code: exitCodeOf(groups),
    groups: groups.map(status => {
      const { childOrder, state, group, from, holder, runs, last, cells, observations, failures, partialCells, outdatedCells, failedReads, damagedLines } = status;
      return {
        child_order: childOrder, state, exists: group.exists, finished: group.finished, completeness: group.completeness ?? null, known_from: from,
        written_by: holder ?? null, cells, observations, failed_cells: failures, partial_cells: partialCells, outdated_cells: outdatedCells, failed_reads: failedReads, damaged_lines: damagedLines, runs,
        last_run: last ? {
          name: last.record.name, plan: last.record.planId ?? null, how: last.how, cells_selected: last.record.cellsSelected,
          cells_ended: last.progress.cellsEnded, cells_failed: last.progress.cellsFailed,
          granules: last.progress.counts?.granules ?? null, groups_per_granule: last.progress.counts?.groups ?? null,
          groups_ended: last.progress.groupsEnded, groups_failed: last.progress.groupsFailed, retries: last.progress.retries,
          rows: last.progress.rows, rows_without_position: last.progress.rowsWithoutPosition, bytes_read: last.progress.bytesRead, duration_s: last.record.ended?.summary.durationS ?? null
        } : null,
        next: nextStep(path, status) ?? null
      };
    })
  };
}
