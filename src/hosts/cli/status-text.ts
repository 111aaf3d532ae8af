import type { GroupStatus, LastRun } from './group-status.js';
import { formatBytes, formatCount, formatNumber } from './summary-text.js';

/** Failed cells that are listed unless all are asked for. */
const MOST_FAILURES = 10;

/** The status of a group as lines for a person. */
export function statusLines(path: string, status: GroupStatus): readonly string[] {
  const { childOrder, cells, observations, last, holder, from } = status;
  const lines = [`${path} ${childOrder}/: ${titleOf(status)}`];
  if (from === 'journal' || from === 'parents') {
    const parts = [
      `${formatNumber(cells.data)} with data`,
      ...some(cells.empty, 'empty'), ...some(cells.partial, 'without the rows of failed reads'), ...some(cells.failed, 'failed'),
      ...some(cells.started, holder === undefined ? 'cut off' : 'begun'), ...some(cells.left, 'left')
    ];
    if (cells.planned === 0) lines.push('  the cells are not known yet: the coordinates of the granules are read for them');
    else lines.push(`  ${formatCount(cells.planned!, 'cell')}: ${parts.join(', ')}`);
    lines.push(`  ${formatCount(observations!, 'observation')} in the cells with data`);
  }
  if (holder !== undefined && !last) lines.push('  it has not begun to write: granules are read, and the journal begins when the cells are known');
  else if (from === 'parents') lines.push('  there is no journal beside it; this is what the store says of itself');
  else if (from === 'attributes') lines.push(`  there is no journal beside it and no record of its parents; magg verify ${path} looks at what stands in it`);
  if (last) lines.push(...runLines(last, status));
  const { failures } = status;
  for (const { cell, message, granule, group } of failures.slice(0, MOST_FAILURES)) lines.push(`  cell ${cell} failed: ${granule === null ? '' : `${granule}${group === null ? '' : ` ${group}`}: `}${message}`);
  if (failures.length > MOST_FAILURES) lines.push(`  ... and ${formatNumber(failures.length - MOST_FAILURES)} more failed; --json lists them`);
  if (status.damagedLines > 0) lines.push(`  ${formatCount(status.damagedLines, 'line')} of the journal cannot be read; the cells of these lines count as not computed`);
  const next = nextStep(path, status);
  if (next !== undefined) lines.push(`  ${next}`);
  return lines;
}

const some = (count: number, what: string): readonly string[] => (count > 0 ? [`${formatNumber(count)} ${what}`] : []);

function titleOf({ state, group, holder, cells }: GroupStatus): string {
  if (!group.exists && holder === undefined) return 'only the journal is there, the store is gone';
  switch (state) {
    case 'running':
      return `running, written by ${holder}`;
    case 'complete':
      return 'complete';
    case 'partial':
      return group.finished ? 'partial' : 'not finished';
    case 'failed':
      return cells.failed > 0 ? 'failed, no cell has values' : 'not finished, no cell has values';
  }
}

const HOW: Readonly<Record<LastRun['how'], string>> = { running: 'goes on', finished: 'came to its end', cancelled: 'was cancelled', 'cut-off': 'was cut off' };

function runLines({ record, how, progress }: LastRun, { runs }: GroupStatus): readonly string[] {
  const { counts, groupsEnded, groupsFailed, rows, bytesRead, cellsEnded, retries } = progress;
  const planned = counts ? counts.granules * counts.groups : undefined;
  const time = record.ended ? ` after ${record.ended.summary.durationS.toFixed(1)} s` : '';
  const reads = [
    `${formatNumber(groupsEnded)}${planned === undefined ? '' : ` of ${formatNumber(planned)}`} (granule, group) pairs read`,
    ...some(groupsFailed, 'failed'), ...some(retries, 'tried again'), formatCount(rows, 'row'), formatBytes(bytesRead)
  ];
  return [
    `  the last of ${formatCount(runs, 'run')} (${record.name}) ${HOW[how]}${time}: ${formatNumber(cellsEnded)} of ${formatCount(record.cellsSelected, 'cell')} that it was asked for`,
    `    ${reads.join(', ')}`
  ];
}

/** What to type, or undefined when nothing is left to do. */
export function nextStep(path: string, { state, cells, group, last }: GroupStatus): string | undefined {
  const again = `magg run CONFIG --store ${path}`;
  switch (state) {
    case 'running':
      return `next: magg status ${path} --watch follows it`;
    case 'complete':
      return undefined;
    case 'partial':
    case 'failed': {
      if (!group.exists) return `next: ${again} computes it anew, or remove ${path}.magg/${group.childOrder}`;
      const rest = cells.left + cells.started;
      const work = [...some(rest, 'not computed'), ...some(cells.failed, 'failed'), ...some(cells.partial, 'without some rows')];
      if (work.length > 0) return `next: ${again} (with the config of before) goes on with the cells ${work.join(', ')}; the others stay`;
      return last?.record.ended?.summary.outcome === 'partial'
        ? `next: ${formatNumber(last.record.ended.summary.rowsOutsidePlan)} rows are in no cell of the catalog; build it anew with magg catalog, then ${again}`
        : `next: ${again} finishes it`;
    }
  }
}
