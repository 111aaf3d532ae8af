import type { Partially } from './partial.js';
import type { Bounds } from './pipeline-document.generated.js';
import type { Report } from './report.js';

/** Dates exist and are in order; a bounding box is in degrees. */
export function checkBounds(bounds: Partially<Bounds>, report: Report): void {
  const { start_date: start, end_date: end } = bounds.temporal ?? {};
  const times = Object.entries({ start_date: start, end_date: end }).map(([key, text]) => {
    if (text === undefined) return undefined;
    const time = timeOf(text);
    if (time === undefined) report.add({ code: 'wrong-value', path: ['bounds', 'temporal', key], message: `bounds.temporal.${key}: there is no such date or time as ${text}` });
    return time;
  });
  // A day's end counts to its last second, so that one day is a range too.
  if (times[0] !== undefined && times[1] !== undefined && times[1] + (end!.length === 10 ? 86_400_000 : 0) <= times[0]) {
    report.add({ code: 'wrong-value', path: ['bounds', 'temporal', 'end_date'], message: `bounds.temporal: end_date ${end} lies before start_date ${start}` });
  }
  if (Array.isArray(bounds.spatial)) checkBox(bounds.spatial, report);
}

function checkBox(box: readonly (number | null)[], report: Report): void {
  const [west, south, east, north] = box;
  // One that is no number was taken out.
  if (typeof west !== 'number' || typeof south !== 'number' || typeof east !== 'number' || typeof north !== 'number') return;
  const isGood = Math.abs(south) <= 90 && Math.abs(north) <= 90 && south <= north && Math.abs(west) <= 360 && Math.abs(east) <= 360;
  if (!isGood) report.add({ code: 'wrong-value', path: ['bounds', 'spatial'], message: `bounds.spatial: expected [lon_min, lat_min, lon_max, lat_max] in degrees, found [${box.join(', ')}]` });
}

/** Milliseconds; undefined for 30 February and 25 o'clock. */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : withZone(text));
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const exists = Number.isFinite(time) && Number.isFinite(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  return exists ? time : undefined;
}

/** Without an offset a time is UTC; JavaScript would take it as local. */
function withZone(text: string): string {
  const iso = text.replace(' ', 'T');
  const zone = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/.exec(iso.slice(11))?.[0];
  if (zone === undefined) return `${iso}Z`;
  const digits = zone.replace(/[:+-]/g, '');
  return zone === 'Z' ? iso : `${iso.slice(0, -zone.length)}${zone[0]}${digits.slice(0, 2)}:${digits.slice(2) || '00'}`;
}
