import { formatCount, formatNumber } from './summary-text.js';

/** How far a run has come. */
export interface Standing {
  readonly groups: number;
  readonly groupsDone: number;
  /** 0: not known yet. */
  readonly cells: number;
  readonly cellsDone: number;
  readonly failed: number;
  /** Granules that were compared with the catalog, after the cells. */
  readonly checked?: number;
  readonly elapsedS: number;
}

const BAR = 24;
const LEAST_BAR = 6;

/** One line of at most `columns - 1` characters, so that no terminal wraps it. */
export function progressBar(standing: Standing, columns: number): string {
  const { groups, groupsDone, cells, cellsDone, failed, checked = 0 } = standing;
  const share = doneShare(standing);
  const count = cells > 0 ? `${formatNumber(cellsDone)}/${formatNumber(cells)} cells` : `${formatNumber(groupsDone)}/${formatNumber(groups)} groups read`;
  const parts = [count, ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []), ...(checked > 0 ? [`${formatCount(checked, 'granule')} compared with the catalog`] : []), ...timeLeft(share, standing.elapsedS)];
  const room = columns - 1;
  // What matters least goes first: the time, then the failures, which were told line by line.
  while (parts.length > 1 && parts.join(', ').length + LEAST_BAR + 1 > room) parts.pop();
  const text = parts.join(', ');
  const width = Math.min(BAR, room - text.length - 1);
  if (width < LEAST_BAR) return text.slice(0, Math.max(0, room));
  const full = Math.round(width * share);
  return `${'▓'.repeat(full)}${'░'.repeat(width - full)} ${text}`;
}

/** Reading is most of the work: it has four fifths of the bar. */
function doneShare({ groups, groupsDone, cells, cellsDone }: Standing): number {
  if (cells > 0 && (groupsDone >= groups || cellsDone > 0)) return 0.8 + 0.2 * Math.min(1, cellsDone / cells);
  return groups > 0 ? 0.8 * Math.min(1, groupsDone / groups) : 0;
}

/** Only when there is something to go by. */
function timeLeft(share: number, elapsedS: number): readonly string[] {
  if (elapsedS < 2 || share < 0.05) return [];
  const left = Math.ceil((elapsedS * (1 - share)) / share);
  if (left < 1) return [];
  return [left < 90 ? `${left} s left` : left < 5400 ? `${Math.round(left / 60)} min left` : `${Math.round(left / 3600)} h left`];
}
