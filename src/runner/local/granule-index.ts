import { isJsonObject, type JsonValue } from '../../base/index.js';
import type { Hdf5File, Hdf5Index } from '../../hdf5/index.js';
import type { Sha256 } from '../../zarr/index.js';
import { badIndex } from './bad-index.js';
import type { SavedTrack } from './track.js';

/** As rows are counted. */
const MAX_ROWS = 2 ** 31 - 1;

/** What is kept of a granule between runs: where its chunks lie, and which rows stand in which cells. JSON-safe. */
export interface GranuleIndex {
  /** Datasets that were used, size and tag of the file. */
  readonly hdf5: Hdf5Index;
  readonly places: readonly GroupPlaces[];
  readonly tracks: readonly SavedTrack[];
}

/** What a pass over all rows of one group gives. */
export interface LearnedRows {
  readonly places: GroupPlaces;
  readonly track: SavedTrack;
}

/** Which rows of one group stand in which parent cells. Ranges may hold rows of other cells too, never too few. */
export interface GroupPlaces {
  /** What the rows were placed by: coordinates, levels, order, convention; see `placesKey`. */
  readonly key: string;
  readonly rows: number;
  /** Nested ids of the parents with rows. */
  readonly parents: readonly number[];
  /** Per parent: first row, end (exclusive), first row, end ..., ascending. */
  readonly ranges: readonly (readonly number[])[];
  /** Rows without position, in the same form. */
  readonly lost: readonly number[];
}

/** Where indexes of granules are kept. */
export interface GranuleIndexStore {
  /** How the threads of a run find it; see `ThreadHost.openIndexes`. */
  readonly folder: string;
  /** Default: that of the web, which is slower. */
  readonly sha256?: Sha256;
  /** What was saved under a granule's id, not checked; undefined where there is nothing. Throws `bad-index` when it cannot be read. */
  load(id: string): Promise<Uint8Array | undefined>;
  /** Replaces what is there, as a whole. */
  save(id: string, bytes: Uint8Array): Promise<void>;
}

/** Checks what stood in a file. The part of HDF5 is checked when a file is opened with it, the runs of a track by `Track.open`. Throws `bad-index`. */
export function parseGranuleIndex(id: string, value: JsonValue): GranuleIndex {
  if (!isJsonObject(value)) throw badIndex(id, 'it is no object');
  const { hdf5, places, tracks } = value;
  if (!isJsonObject(hdf5) || typeof hdf5.sizeBytes !== 'number') throw badIndex(id, 'hdf5 is no index of a file');
  for (const name of ['datasets', 'present', 'absent']) if (!Array.isArray(hdf5[name])) throw badIndex(id, `hdf5.${name} is no list`);
  if (!Array.isArray(places)) throw badIndex(id, 'places is no list');
  if (!Array.isArray(tracks)) throw badIndex(id, 'tracks is no list');
  return {
    hdf5: hdf5 as unknown as Hdf5Index,
    places: (places as readonly JsonValue[]).map(one => parsePlaces(id, one)),
    tracks: (tracks as readonly JsonValue[]).map(one => parseTrack(id, one))
  };
}

function parsePlaces(id: string, value: JsonValue): GroupPlaces {
  if (!isJsonObject(value)) throw badIndex(id, 'places holds what is no object');
  const { key, rows, parents, ranges, lost } = value;
  if (typeof key !== 'string' || typeof rows !== 'number') throw badIndex(id, 'places lacks its key or rows');
  if (!Array.isArray(parents) || !Array.isArray(ranges) || parents.length !== ranges.length) throw badIndex(id, 'parents and ranges differ in length');
  if (!parents.every(Number.isSafeInteger)) throw badIndex(id, 'parents are no cell ids');
  if (![...(ranges as readonly JsonValue[]), lost].every(one => isRanges(one, rows))) throw badIndex(id, `ranges are not ascending within the ${rows} rows`);
  return value as unknown as GroupPlaces;
}

function parseTrack(id: string, value: JsonValue): SavedTrack {
  if (!isJsonObject(value)) throw badIndex(id, 'tracks holds what is no object');
  const { key, rows, runs } = value;
  if (typeof key !== 'string' || !(typeof rows === 'number' && Number.isInteger(rows) && rows >= 0 && rows <= MAX_ROWS)) throw badIndex(id, 'a track lacks its key or rows');
  if (runs !== null && typeof runs !== 'string') throw badIndex(id, 'the runs of a track are no text');
  return { key, rows, runs };
}

function isRanges(value: JsonValue | undefined, rows: number): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  let last = 0;
  return (value as readonly JsonValue[]).every((row, i) => {
    const isNext = Number.isSafeInteger(row) && (i % 2 === 0 ? (row as number) >= last : (row as number) > last) && (row as number) <= rows;
    last = row as number;
    return isNext;
  });
}

/** One index from what two passes over the same content learned; `later` wins where both know. */
export function mergeIndexes(earlier: GranuleIndex | undefined, later: GranuleIndex): GranuleIndex {
  if (!earlier || earlier.hdf5.sizeBytes !== later.hdf5.sizeBytes || earlier.hdf5.tag !== later.hdf5.tag) return later;
  const datasets = [...new Map([...earlier.hdf5.datasets, ...later.hdf5.datasets].map(dataset => [dataset.path, dataset])).values()];
  const there = new Set(datasets.map(({ path }) => path));
  const present = [...new Set([...earlier.hdf5.present, ...later.hdf5.present])].filter(path => !there.has(path));
  const absent = [...new Set([...earlier.hdf5.absent, ...later.hdf5.absent])].filter(path => !there.has(path) && !present.includes(path));
  return {
    hdf5: { ...later.hdf5, datasets, present, absent },
    places: [...new Map([...earlier.places, ...later.places].map(places => [places.key, places])).values()],
    tracks: [...new Map([...earlier.tracks, ...later.tracks].map(track => [track.key, track])).values()]
  };
}

/** What a pass may take from an index. */
export interface KnownGranule {
  /** Paths of which is known whether and where they are. */
  readonly paths: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, GroupPlaces>;
  readonly tracks: ReadonlyMap<string, SavedTrack>;
}

export const NOTHING_KNOWN: KnownGranule = { paths: new Set(), places: new Map(), tracks: new Map() };

export const knownOf = ({ hdf5, places, tracks }: GranuleIndex): KnownGranule => ({
  paths: new Set([...hdf5.datasets.map(({ path }) => path), ...hdf5.present, ...hdf5.absent]),
  places: new Map(places.map(one => [one.key, one])),
  tracks: new Map(tracks.map(one => [one.key, one]))
});

/** What a pass over the datasets `paths` learned beyond what was known; undefined where that is nothing, or nothing is kept. */
export function learnedIndex(file: Hdf5File, known: KnownGranule | undefined, paths: readonly string[], rows: LearnedRows | undefined): GranuleIndex | undefined {
  if (!known || (!rows && paths.every(path => known.paths.has(path)))) return undefined;
  const wanted = new Set(paths);
  const index = file.savedIndex();
  return {
    hdf5: { ...index, datasets: index.datasets.filter(({ path }) => wanted.has(path)) },
    places: rows ? [rows.places] : [],
    tracks: rows ? [rows.track] : []
  };
}
