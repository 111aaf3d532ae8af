import type { FailedCell, GroupStatus, LastRun } from './group-status.js';
import { repairOf } from './repair-store.js';
import { formatBytes, formatCount, formatNumber, lostRowsText } from './summary-text.js';

/** Failed cells, and failed reads, that are listed unless all are asked for. */
const MOST_FAILURES = 10;

/** The status of a group as lines for a person. */
export function statusLines(path: string, status: GroupStatus): readonly string[] {
  const { childOrder, state, group, cells, observations, last, holder, from } = status;
  const lines = [`${path} ${childOrder}/: ${titleOf(status)}`];
  if (from === 'journal' || from === 'parents') {
    const parts = [
      `${formatNumber(cells.data)} with data`,
      ...some(cells.empty, 'empty'), ...some(cells.partial, 'without the rows of failed reads'), ...some(cells.outdated, 'with the values of an earlier run'), ...some(cells.failed, 'failed'),
      ...some(cells.started, holder === undefined ? 'cut off' : 'begun'), ...some(cells.left, 'left')
    ];
    if (cells.planned !== 0) {
      lines.push(`  ${state === 'gone' ? 'what the journal remembers: ' : ''}${formatCount(cells.planned!, 'cell')}: ${parts.join(', ')}`);
      lines.push(`  ${formatCount(observations!, 'observation')} in the cells with data`);
    }
  }
  if (holder !== undefined && !last) lines.push('  it has only begun: nothing is read yet');
  else if (from === 'parents') lines.push('  there is no journal beside it; this is what the store says of itself');
  else if (from === 'attributes' && group.exists) lines.push(`  there is no journal beside it and no record of its parents; magg verify ${path} looks at what stands in it`);
  if (last) lines.push(...runLines(last, status));
  const { failures, partialCells, outdatedCells, failedReads } = status;
  for (const failure of failures.slice(0, MOST_FAILURES)) lines.push(`  cell ${failure.cell} failed: ${causeOf(failure)}`);
  if (failures.length > MOST_FAILURES) lines.push(`  ... and ${formatNumber(failures.length - MOST_FAILURES)} more failed; --json lists them`);
  for (const outdated of outdatedCells.slice(0, MOST_FAILURES)) lines.push(`  cell ${outdated.cell} holds the values of an earlier run: ${causeOf(outdated)}`);
  if (outdatedCells.length > MOST_FAILURES) lines.push(`  ... and ${formatNumber(outdatedCells.length - MOST_FAILURES)} more hold those of an earlier run; --json lists them`);
  if (partialCells.length > 0) {
    const more = partialCells.length - MOST_FAILURES;
    lines.push(`  without some rows: ${partialCells.length === 1 ? 'cell' : 'cells'} ${partialCells.slice(0, MOST_FAILURES).join(', ')}${more > 0 ? ` and ${formatNumber(more)} more; --json lists them` : ''}`);
  }
  for (const { granule, group: part, message } of failedReads.slice(0, MOST_FAILURES)) lines.push(`  missing rows: ${granule}${part === null ? '' : ` ${part}`}: ${message}`);
  if (failedReads.length > MOST_FAILURES) lines.push(`  ... and ${formatCount(failedReads.length - MOST_FAILURES, 'more failed read')}; --json lists them`);
  if (status.damagedLines > 0) lines.push(`  ${formatCount(status.damagedLines, 'line')} of the journal cannot be read; the cells of these lines count as not computed`);
  const next = nextStep(path, status);
  if (next !== undefined) lines.push(`  ${next}`);
  return lines;
}

const causeOf = ({ granule, group, message }: FailedCell): string => `${granule === null ? '' : `${granule}${group === null ? '' : ` ${group}`}: `}${message}`;

const some = (count: number, what: string): readonly string[] => (count > 0 ? [`${formatNumber(count)} ${what}`] : []);

/** What a group is, without its name. */
export function titleOf(status: GroupStatus): string {
  const { state, group, holder, cells } = status;
  if (!group.exists && holder === undefined) return goneTitle(status);
  if (!group.hasRoot && holder === undefined) return 'the zarr.json of the store is gone, so that no program finds the group';
  switch (state) {
    case 'running':
      return `running, written by ${holder}`;
    case 'complete':
      return 'complete';
    case 'partial':
      return group.finished ? 'partial' : 'not finished';
    case 'gone':
      return 'gone';
    case 'failed':
      return cells.failed > 0 ? 'failed, no cell has values' : 'not finished, no cell has values';
  }
}

/** Of a group whose `zarr.json` is not there and that nobody writes. */
function goneTitle({ state, group, cells, from }: GroupStatus): string {
  const place = `${group.childOrder}/`;
  if (state === 'failed' && !cells.planned) return 'nothing was written: a run was cut off before its cells were known';
  if (state === 'failed') return 'no cell has values, and the group is not there';
  if (group.hasChunks) return `not readable: ${place}zarr.json is gone or damaged, what else stands in ${place} cannot be read without it`;
  const rest = from === 'journal' ? 'only the journal is there' : 'only the metadata of the store name it';
  return `the values are gone, ${rest}: ${group.hasRoot ? `the store has no ${place} any more` : 'the store is gone'}`;
}

const HOW: Readonly<Record<LastRun['how'], string>> = { running: 'goes on', finished: 'came to its end', cancelled: 'was cancelled', 'cut-off': 'was cut off' };

function runLines({ record, how, progress }: LastRun, { runs }: GroupStatus): readonly string[] {
  const { counts, groupsEnded, groupsFailed, rows, rowsWithoutPosition, bytesRead, cellsEnded, retries } = progress;
  const planned = counts ? counts.granules * counts.groups : undefined;
  const time = record.ended ? ` after ${record.ended.summary.durationS.toFixed(1)} s` : '';
  const reads = [
    `${formatNumber(groupsEnded)}${planned === undefined ? '' : ` of ${formatNumber(planned)}`} (granule, group) pairs read`,
    ...some(groupsFailed, 'failed'), ...(retries > 0 ? [formatCount(retries, 'further attempt')] : []), formatCount(rows, 'row'), formatBytes(bytesRead),
    ...(rowsWithoutPosition > 0 ? [lostRowsText(rowsWithoutPosition)] : [])
  ];
  const cellsText = record.planId === undefined ? (how === 'running' ? 'its cells are not known yet, the coordinates of the granules are read for them' : 'its cells were not known yet') : `${formatNumber(cellsEnded)} of ${formatCount(record.cellsSelected, 'cell')} that it was asked for`;
  return [
    // Runs that replaced the store have removed the records of those before them: they are not all that there were.
    `  the last ${runs === 1 ? 'run' : `of ${formatNumber(runs)} runs`} (${record.name}) ${how === 'finished' && record.ended?.summary.outcome === 'failed' ? 'failed' : HOW[how]}${time}: ${cellsText}`,
    `    ${reads.join(', ')}`
  ];
}

/** `the 5 cells that were not computed, the 4 that failed and the one that lacks some rows`; undefined when there are none. */
function workText(kinds: readonly (readonly [count: number, one: string, many: string])[]): string | undefined {
  const parts = kinds
    .filter(([count]) => count > 0)
    .map(([count, one, many], i) => (count === 1 ? `the one${i === 0 ? ' cell' : ''} that ${one}` : `the ${formatNumber(count)}${i === 0 ? ' cells' : ''} that ${many}`));
  return parts.length < 2 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

/** What to type, or undefined when nothing is left to do. */
export function nextStep(path: string, status: GroupStatus): string | undefined {
  const { state, cells, group, last } = status;
  const again = `magg run CONFIG --store ${path}`;
  switch (state) {
    case 'running':
      return `next: magg status ${path} --watch follows it`;
    case 'complete':
      return undefined;
    case 'partial':
    case 'gone':
    case 'failed': {
      const repair = repairOf(path, group);
      if (repair !== undefined) return `next: ${repair}`;
      if (!group.exists) return `next: ${again} computes it anew${last?.record.planId !== undefined ? `, or remove ${path}.magg/${group.childOrder}` : ''}`;
      const rest = cells.left + cells.started;
      const work = workText([
        [rest, 'was not computed', 'were not computed'], [cells.failed, 'failed', 'failed'], [cells.partial, 'lacks some rows', 'lack some rows'],
        [cells.outdated, 'holds the values of an earlier run', 'hold the values of an earlier run']
      ]);
      if (work !== undefined) return `next: ${again} (with the config of before) goes on with ${work}; the others stay`;
      if (status.rowsOutside > 0) return `next: ${formatNumber(status.rowsOutside)} rows are in no cell of the catalog; build it anew with magg catalog, then ${again}`;
      // Records of older programs do not have it.
      const unchecked = last?.record.ended?.summary.granulesUnchecked ?? 0;
      if (unchecked > 0) return `next: ${formatCount(unchecked, 'granule')} could not be compared with the catalog as a whole, so that rows may lie in no cell of it; the same run tries again: ${again}`;
      if (group.finished && group.completeness === 'partial') {
        return `next: some cells hold values of other settings or granules${last ? '' : ', or rows are in no cell of the catalog'}; the same run without a selection brings them up to date: ${again}`;
      }
      return `next: ${again} finishes it${group.exists ? `; if it is stopped by damage, magg verify ${path} says what to type` : ''}`;
    }
  }
}
