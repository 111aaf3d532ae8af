import type { Column } from './survey-granule.js';

/** A pair of coordinates, in one or in several groups that are built alike. */
export interface CoordinatePair {
  /** Path templates with `{group}` where there are groups. */
  readonly latitude: string;
  readonly longitude: string;
  /** Which part of a path is the group, counted from 0; undefined without groups. */
  readonly groupAt: number | undefined;
  readonly groups: readonly string[];
  /** Rows in all groups. */
  readonly rows: number;
  /** Templates of the other datasets with one value for each row, in the order of the file. */
  readonly columns: readonly { readonly template: string; readonly type: Column['type'] }[];
}

const LATITUDE = /^(.*?)(latitude|lat)(_[a-z0-9]+)?$/i;

/** The pairs that a granule has, those with most columns first. */
export function coordinatePairs(columns: readonly Column[]): readonly CoordinatePair[] {
  const byPath = new Map(columns.map(column => [column.path, column]));
  const found = columns.flatMap(latitude => {
    const longitude = longitudeNames(latitude.path).map(path => byPath.get(path)).find(column => column?.rows === latitude.rows);
    return longitude ? [{ latitude, longitude }] : [];
  });
  // Built alike: equal but for one part of the path. The largest such set is the groups.
  const sets = new Map<string, typeof found>();
  for (const pair of found) {
    const parts = partsOf(pair.latitude.path);
    for (let at = 0; at < parts.length - 1; at++) {
      const key = `${at} ${withGroup(parts, at)}`;
      sets.set(key, [...(sets.get(key) ?? []), pair]);
    }
  }
  const pairs: CoordinatePair[] = [];
  const used = new Set<string>();
  const alike = [...sets].filter(([, members]) => members.length > 1).sort(([, a], [, b]) => b.length - a.length);
  for (const [key, members] of alike) {
    if (members.some(({ latitude }) => used.has(latitude.path))) continue;
    for (const { latitude } of members) used.add(latitude.path);
    pairs.push(pairOf(columns, members, Number(key.split(' ')[0])));
  }
  for (const pair of found) if (!used.has(pair.latitude.path)) pairs.push(pairOf(columns, [pair], undefined));
  return pairs.sort((a, b) => b.columns.length - a.columns.length || b.rows - a.rows);
}

interface Pair {
  readonly latitude: Column;
  readonly longitude: Column;
}

const partsOf = (path: string): readonly string[] => path.split('/').filter(Boolean);
const withGroup = (parts: readonly string[], at: number | undefined): string => `/${parts.map((part, i) => (i === at ? '{group}' : part)).join('/')}`;

/** `lat_ph` has `lon_ph`, `Latitude` has `Longitude`. */
function longitudeNames(path: string): readonly string[] {
  const slash = path.lastIndexOf('/') + 1;
  const match = LATITUDE.exec(path.slice(slash));
  if (!match) return [];
  const [, before = '', name = '', after = ''] = match;
  const isLong = name.length > 3;
  const lower = isLong ? ['longitude'] : ['lon', 'lng', 'long'];
  return lower.map(text => `${path.slice(0, slash)}${before}${name === name.toUpperCase() ? text.toUpperCase() : name.startsWith('L') ? `L${text.slice(1)}` : text}${after}`);
}

function pairOf(columns: readonly Column[], members: readonly Pair[], groupAt: number | undefined): CoordinatePair {
  const rowsOf = new Map(members.map(({ latitude }) => [groupAt === undefined ? '' : partsOf(latitude.path)[groupAt]!, latitude.rows]));
  const coordinates = new Set(members.flatMap(({ latitude, longitude }) => [latitude.path, longitude.path]));
  const [{ latitude, longitude }] = members as readonly [Pair];
  const prefix = groupAt === undefined ? [] : partsOf(latitude.path).slice(0, groupAt);
  const templates = new Map<string, { readonly type: Column['type']; readonly fits: number; readonly seen: number }>();
  for (const { path, rows, type } of columns) {
    const parts = partsOf(path);
    const group = groupAt === undefined ? '' : parts[groupAt];
    const wanted = group === undefined ? undefined : rowsOf.get(group);
    const isBelow = groupAt === undefined || (parts.length > groupAt + 1 && prefix.every((part, i) => part === parts[i]));
    if (wanted === undefined || !isBelow || coordinates.has(path)) continue;
    const template = withGroup(parts, groupAt);
    const known = templates.get(template) ?? { type, fits: 0, seen: 0 };
    templates.set(template, { ...known, seen: known.seen + 1, fits: known.fits + (rows === wanted ? 1 : 0) });
  }
  return {
    latitude: withGroup(partsOf(latitude.path), groupAt), longitude: withGroup(partsOf(longitude.path), groupAt), groupAt,
    groups: groupAt === undefined ? [] : [...rowsOf.keys()],
    rows: members.reduce((sum, pair) => sum + pair.latitude.rows, 0),
    // In every group that has the coordinates: one that lacks a dataset would fail.
    columns: [...templates].filter(([, { fits }]) => fits === members.length).map(([template, { type }]) => ({ template, type }))
  };
}

/** Last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const NO_VALUE = /time|date|utc|delta|(^|_)(lat|lon|latitude|longitude|id|idx|index|cycle|track|orbit|rgt|year|month|day|hour|x|y|azimuth|azm|dist)(_|$)/i;
const IS_VALUE = /^(h|height|elev|elevation|z|dem|altitude|alt|thickness|depth|freeboard|value|surface)/i;
const IS_ERROR = /sigma|err|std|uncert|precision|rms|spread/i;
const IS_FLAG = /quality|flag|(^|_)(qa|qc|mask|valid)(_|$)|conf/i;

/** Columns whose statistics may be wanted, the likeliest first: the ones of the best kind are equally likely. */
export function valueColumns({ columns }: CoordinatePair): readonly { readonly template: string; readonly type: Column['type']; readonly score: number }[] {
  return columns
    .map(column => ({ ...column, score: scoreOf(nameOf(column.template), column.type) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function scoreOf(name: string, type: Column['type']): number {
  const isFloat = type.startsWith('float');
  if (NO_VALUE.test(name) || IS_FLAG.test(name)) return 0;
  if (IS_ERROR.test(name)) return isFloat ? 1 : 0;
  return IS_VALUE.test(name) ? (isFloat ? 4 : 2) : isFloat ? 3 : 1;
}

/** The column with the standard errors of another one. */
export function errorColumn({ columns }: CoordinatePair, value: string): string | undefined {
  const own = nameOf(value).toLowerCase();
  return columns.find(({ template, type }) => {
    const name = nameOf(template).toLowerCase();
    return type.startsWith('float') && IS_ERROR.test(name) && (name.startsWith(own) || name.endsWith(own));
  })?.template;
}

/** Columns of whole numbers that say how good a row is. */
export const flagColumns = ({ columns }: CoordinatePair): readonly string[] =>
  columns.filter(({ template, type }) => !type.startsWith('float') && IS_FLAG.test(nameOf(template))).map(({ template }) => template);
