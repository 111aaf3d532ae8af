import type { Plan, RunSummary } from '../../runner/index.js';

/** A whole number with commas. Not by Intl, which takes 13 ms to load. */
export const formatNumber = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 cell`, `2,000 cells`. */
export const formatCount = (value: number, thing: string): string => `${formatNumber(value)} ${thing}${value === 1 ? '' : 's'}`;

export const formatBytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** `3 rows without position (...)`. */
export const lostRowsText = (rows: number): string => `${formatCount(rows, 'row')} without position (NaN, fill value or out of range) in no cell`;

/** Mean distance between neighbouring cells of an order, from 4 pi R^2 / (12 * 4^order) with the authalic radius. */
export function cellSizeText(order: number): string {
  const metres = Math.sqrt((4 * Math.PI) / 12) * (6_371_007.18 / 2 ** order);
  return metres >= 1000 ? `${(metres / 1000).toPrecision(metres >= 1e5 ? 3 : 2)} km` : metres >= 10 ? `${Number(metres.toPrecision(2))} m` : `${metres.toPrecision(2)} m`;
}

/** What became of the cells that a failed read touches; with `--allow-partial` they are written all the same. One that only compares rows with the catalog touches none. */
function fateOfTouched({ cellsPartial, cellsFailed, cellsOutdated }: RunSummary): string {
  if (cellsPartial + cellsFailed === 0) return 'no cell lacks rows for that';
  if (cellsPartial === 0) return `the cells touched are failed${cellsOutdated > 0 ? ', those of earlier runs keep their values' : ''}`;
  return `the cells touched are written without those rows${cellsFailed > 0 ? ', or failed' : ''}`;
}

/** What a person wants to know when a run is over. */
export function summaryLines(summary: RunSummary, plan: Plan): readonly string[] {
  const { cellsWithData, cellsEmpty, cellsFailed, cellsSelected, outcome } = summary;
  const current = summary.cellsCurrent > 0 ? `, of which ${formatNumber(summary.cellsCurrent)} were current` : '';
  const unaccounted = cellsSelected - cellsWithData - cellsEmpty - cellsFailed;
  const parts = [
    `${formatNumber(cellsWithData)} with data`,
    ...(cellsEmpty > 0 ? [`${formatNumber(cellsEmpty)} empty`] : []),
    ...(summary.cellsPartial > 0 ? [`${formatNumber(summary.cellsPartial)} of them without the rows of failed reads`] : []),
    ...(cellsFailed > 0 ? [`${formatNumber(cellsFailed)} failed`] : []),
    ...(summary.cellsOutdated > 0 ? [`${formatNumber(summary.cellsOutdated)} of them with the values of an earlier run`] : []),
    ...(unaccounted > 0 ? [`${formatNumber(unaccounted)} not reached`] : [])
  ];
  const lines = [
    `${outcome}: ${formatCount(cellsSelected, 'cell')} of order ${plan.parentOrder}: ${parts.join(', ')}${current}`,
    `${formatCount(summary.totalObs, 'observation')} in ${formatCount(summary.childCellsWithData, 'cell')} of order ${plan.childOrder} (about ${cellSizeText(plan.childOrder)})`,
    `${formatCount(summary.granules, 'granule')}, ${formatCount(summary.rowsRead, 'row')}, ${formatBytes(summary.bytesRead)} read in ${summary.durationS.toFixed(2)} s`
  ];
  if (summary.groupsFailed > 0) lines.push(`${formatCount(summary.groupsFailed, 'group')} of granules could not be read; ${fateOfTouched(summary)}`);
  if (summary.rowsWithoutPosition > 0) lines.push(lostRowsText(summary.rowsWithoutPosition));
  if (summary.rowsOutsidePlan > 0) {
    lines.push(`${formatNumber(summary.rowsOutsidePlan)} rows lie in no cell that the catalog lists for their granule; rebuild it: magg catalog --from GRANULE... --parent-order ${plan.parentOrder} --output FILE`);
  }
  if (summary.granulesUnchecked > 0) lines.push(`${formatCount(summary.granulesUnchecked, 'granule')} could not be compared with the catalog as a whole: rows may lie in no cell of it; the same run tries again`);
  if (summary.rowsElsewhere > 0) lines.push(`${formatCount(summary.rowsElsewhere, 'row')} beyond the area that the catalog was cut to, in no cell`);
  lines.push(outcome === 'complete' || outcome === 'partial' ? `wrote ${summary.store}` : `${summary.store} is not finished`);
  return lines;
}
