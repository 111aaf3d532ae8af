import { nestedNumber, type FaceRows } from '../../grid/index.js';
import type { DatasetPath, PipelineConfig } from '../../config/index.js';
import { ALGORITHM_VERSION } from '../settings.js';
import type { GroupPlaces, LearnedRows } from './granule-index.js';
import { inGroup } from './open-group.js';
import { TrackRecorder } from './track.js';
import type { RowWindow } from './window-reader.js';

/** Ranges at most this far apart are joined: reading some rows too many costs less than telling them apart. */
const GAP_ROWS = 2000;
/** Above, the rows of a parent are one range each: they lie in no order that could be used. */
const MAX_RANGES = 50_000;
const LOST = -1;

/** What decides in which cells of an order the rows of a group stand, as text. */
export function placesKey({ source, grid }: PipelineConfig, group: string | null, order: number): string {
  const text = ({ dataset, column, level: name }: DatasetPath): readonly unknown[] => {
    const level = source.levels.find(one => one.name === name);
    return [inGroup(dataset, group), column ?? null, level ? [inGroup(level.index, group), inGroup(level.count, group), level.indexBase] : null];
  };
  return JSON.stringify([ALGORITHM_VERSION, text(source.latitude), text(source.longitude), order, grid.latitude]);
}

/** Notes which rows stand in which parents, and the cells of all rows. */
export class PlaceRecorder {
  readonly #parentOrder: number;
  readonly #levels: number;
  readonly #ranges = new Map<number, number[]>();
  readonly #rows: number;
  readonly #track: TrackRecorder;
  #count = 0;
  #gap = GAP_ROWS;

  /**
   * @param order of the cells that {@link add} gets
   * @param rows of the group
   */
  constructor(order: number, parentOrder: number, rows: number) {
    this.#parentOrder = parentOrder;
    this.#rows = rows;
    this.#track = new TrackRecorder(rows);
    this.#levels = order - parentOrder;
  }

  /** Adds the rows of a window; windows come in ascending order and leave no row out. */
  add({ face, x, y }: FaceRows, { from, to }: RowWindow): void {
    const levels = this.#levels;
    const count = to - from;
    let begin = 0;
    let parentFace = count > 0 ? face[0]! : -1;
    let parentX = count > 0 ? x[0]! >> levels : 0;
    let parentY = count > 0 ? y[0]! >> levels : 0;
    for (let i = 0; i < count; ) {
      const start = i;
      const f = face[i]!;
      const cx = x[i]!;
      const cy = y[i]!;
      if (f < 0) while (i < count && face[i]! < 0) i++;
      else while (i < count && x[i] === cx && y[i] === cy && face[i] === f) i++;
      this.#track.add(f, cx, cy, from + start, i - start);
      if (f === parentFace && (f < 0 || (cx >> levels === parentX && cy >> levels === parentY))) continue;
      this.#note(parentFace, parentX, parentY, from + begin, from + start);
      begin = start;
      parentFace = f;
      parentX = cx >> levels;
      parentY = cy >> levels;
    }
    if (count > 0) this.#note(parentFace, parentX, parentY, from + begin, to);
  }

  /**
   * With too many parents for an index to be of use, every row may be anywhere.
   * @param key of the places
   * @param trackKey of the track
   */
  finish(key: string, trackKey: string): LearnedRows {
    return { places: this.#places(key), track: this.#track.finish(trackKey) };
  }

  #places(key: string): GroupPlaces {
    const rows = this.#rows;
    if (this.#ranges.size > MAX_RANGES) return { key, rows, parents: [], ranges: [], lost: [0, rows] };
    const found = [...this.#ranges].filter(([parent]) => parent !== LOST).sort(([a], [b]) => a - b);
    return { key, rows, parents: found.map(([parent]) => parent), ranges: found.map(([, ranges]) => ranges), lost: this.#ranges.get(LOST) ?? [] };
  }

  #note(face: number, parentX: number, parentY: number, from: number, to: number): void {
    const parent = face < 0 ? LOST : nestedNumber(face, parentX, parentY, this.#parentOrder);
    const ranges = this.#ranges.get(parent);
    if (ranges && from - ranges[ranges.length - 1]! <= this.#gap) {
      ranges[ranges.length - 1] = to;
      return;
    }
    if (ranges) ranges.push(from, to);
    else this.#ranges.set(parent, [from, to]);
    if (++this.#count <= MAX_RANGES) return;
    this.#gap = Infinity;
    this.#count = this.#ranges.size;
    for (const own of this.#ranges.values()) own.splice(1, own.length - 2);
  }
}

/** The parts of windows (ascending) that may hold rows of the parents, or rows without position. */
export function windowsOfParents({ parents, ranges, lost }: GroupPlaces, wanted: ReadonlySet<number>, windows: readonly RowWindow[]): readonly RowWindow[] {
  const lists = [lost, ...ranges.filter((_, p) => wanted.has(parents[p]!))];
  const pieces = lists.flatMap(list => list.flatMap((from, i) => (i % 2 === 0 ? [{ from, to: list[i + 1]! }] : []))).sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const piece of pieces) {
    const last = joined[joined.length - 1];
    if (last && piece.from - last.to <= GAP_ROWS) last.to = Math.max(last.to, piece.to);
    else joined.push({ ...piece });
  }
  const parts: RowWindow[] = [];
  let p = 0;
  for (const { from, to } of windows) {
    while (p < joined.length && joined[p]!.to <= from) p++;
    for (let q = p; q < joined.length && joined[q]!.from < to; q++) parts.push({ from: Math.max(from, joined[q]!.from), to: Math.min(to, joined[q]!.to) });
  }
  return parts;
}
