import { MaggError } from '../../base/index.js';
import { granuleId, parseGranuleName } from '../../catalog/index.js';

/** Days (YYYY-MM-DD, both inclusive) and a 91-day cycle; what is not given is no limit. */
export interface Period {
  readonly startDate?: string;
  readonly endDate?: string;
  readonly cycle?: number;
}

/** ICESat-2 cycle 1 starts on 2018-10-13; a cycle lasts 91 days. */
const CYCLE_ONE_MS = Date.UTC(2018, 9, 13);
const DAY_MS = 86_400_000;

/** The granules whose names say that they start in the period. Throws `usage` for a name without a date, `no-granules` when none is left. */
export function inPeriod(granules: readonly string[], { startDate, endDate, cycle }: Period): readonly string[] {
  const start = dayOf(startDate, '--start-date');
  const end = dayOf(endDate, '--end-date');
  const from = Math.max(start ?? -Infinity, cycle === undefined ? -Infinity : CYCLE_ONE_MS + 91 * DAY_MS * (cycle - 1));
  const to = Math.min(end === undefined ? Infinity : end + DAY_MS, cycle === undefined ? Infinity : CYCLE_ONE_MS + 91 * DAY_MS * cycle);
  if (from === -Infinity && to === Infinity) return granules;
  if (from >= to) throw new MaggError('usage', `the period asked for is empty: it would start on ${day(from)} and end before ${day(to)}; correct --start-date, --end-date or --cycle`);
  const kept = granules.filter(granule => {
    const date = parseGranuleName(granuleId(granule))?.date;
    if (date === undefined) throw new MaggError('usage', `${granule} has no date in its name, as ATL06_20190416093911_... has; leave --start-date, --end-date and --cycle out`);
    const time = Date.parse(`${date}T00:00:00Z`);
    return time >= from && time < to;
  });
  if (kept.length === 0) throw new MaggError('no-granules', `none of the ${granules.length} granules starts in the period asked for; correct --start-date, --end-date or --cycle`);
  return kept;
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

function dayOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse takes 2019-02-30 for the second of March.
  if (Number.isNaN(time) || day(time) !== text) throw new MaggError('usage', `expected ${option} as YYYY-MM-DD, found ${text}`);
  return time;
}
