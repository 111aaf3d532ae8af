import type { FaceRows } from '../../grid/index.js';
import { badIndex } from './bad-index.js';
import { TrackReader, TrackWriter } from './track-text.js';
import type { RowWindow } from './window-reader.js';

/** The cells of all rows of one group, in the order of the rows, as saved. JSON-safe. */
export interface SavedTrack {
  /** What the rows were placed by: coordinates, levels, order of the cells, convention; see `placesKey`. */
  readonly key: string;
  readonly rows: number;
  /**
   * Runs of rows of one cell, each as the step to its cell and the number of its rows less one, in the numbers of
   * {@link TrackWriter}. A step is 0 for rows without position, 1 for any cell, with its face, x and y after it, else
   * 2 + 3 (dx + 1) + dy + 1 for a cell of the same face with x and y at most one from the cell before.
   * Null: the runs are too many to be of use.
   */
  readonly runs: string | null;
}

/** Runs of less rows on average save less than reading them costs. */
const MIN_ROWS_OF_RUN = 4;
/** About a megabyte of text. */
const MAX_RUNS = 1 << 18;
/** Letters of the longest run: a step to any cell, and all rows. */
const MAX_LETTERS = 1 + 1 + 6 + 6 + 7;
const LOST = 0;
const JUMP = 1;
const STEP = 2;

/** Writes a track; gives up when there are more runs than are worth it. */
export class TrackRecorder {
  readonly #rows: number;
  readonly #mostRuns: number;
  #writer: TrackWriter | undefined = new TrackWriter();
  #runs = 0;
  #next = 0;
  /** Rows of the open run, and its cell; -1: rows without position. */
  #open = 0;
  #openFace = -1;
  #openX = 0;
  #openY = 0;
  /** The last cell that was written. */
  #face = -1;
  #x = 0;
  #y = 0;

  /** @param rows of the group */
  constructor(rows: number) {
    this.#rows = rows;
    this.#mostRuns = Math.min(MAX_RUNS, Math.floor(rows / MIN_ROWS_OF_RUN));
  }

  /** Adds `count` rows of one cell, or without position (face -1), that begin with row `from`; all rows come in their order. */
  add(face: number, x: number, y: number, from: number, count: number): void {
    if (!this.#writer) return;
    if (from !== this.#next) {
      this.#writer = undefined;
      return;
    }
    this.#next = from + count;
    if (this.#open > 0 && face === this.#openFace && (face < 0 || (x === this.#openX && y === this.#openY))) {
      this.#open += count;
      return;
    }
    this.#write();
    this.#open = count;
    this.#openFace = face;
    this.#openX = x;
    this.#openY = y;
  }

  finish(key: string): SavedTrack {
    this.#write();
    return { key, rows: this.#rows, runs: this.#writer && this.#next === this.#rows ? this.#writer.text() : null };
  }

  /** Closes the open run. */
  #write(): void {
    const writer = this.#writer;
    if (!writer || this.#open === 0) return;
    if (++this.#runs > this.#mostRuns) {
      this.#writer = undefined;
      return;
    }
    const [face, x, y] = [this.#openFace, this.#openX, this.#openY];
    if (face < 0) writer.add(LOST);
    else {
      const dx = x - this.#x + 1;
      const dy = y - this.#y + 1;
      if (face === this.#face && dx >= 0 && dx <= 2 && dy >= 0 && dy <= 2) writer.add(STEP + 3 * dx + dy);
      else for (const value of [JUMP, face, x, y]) writer.add(value);
      this.#face = face;
      this.#x = x;
      this.#y = y;
    }
    writer.add(this.#open - 1);
    this.#open = 0;
  }
}

/** Memory of one thread for the runs of the track it has open; grows, never shrinks. */
export class TrackScratch {
  #ends = new Int32Array(0);
  #cells: FaceRows = { face: new Int32Array(0), x: new Int32Array(0), y: new Int32Array(0) };

  /** Arrays for at least `count` runs, valid until the next call. */
  reserve(count: number): { readonly ends: Int32Array; readonly cells: FaceRows } {
    if (count > this.#ends.length) {
      this.#ends = new Int32Array(count);
      this.#cells = { face: new Int32Array(count), x: new Int32Array(count), y: new Int32Array(count) };
    }
    return { ends: this.#ends, cells: this.#cells };
  }
}

export interface OpenTrackOptions {
  /** Where the runs are put; whatever track was there before is none any more. */
  readonly scratch: TrackScratch;
  /** Rows from this one on are not asked for, nor looked at. */
  readonly until?: number;
}

/** A saved track, checked: the cells of rows without their coordinates. */
export class Track {
  readonly #ends: Int32Array;
  readonly #cells: FaceRows;
  readonly #hasLost: boolean;

  private constructor(ends: Int32Array, cells: FaceRows, hasLost: boolean) {
    this.#ends = ends;
    this.#cells = cells;
    this.#hasLost = hasLost;
  }

  /**
   * @param fileName for messages
   * @param order of the cells, 0..29
   * @returns undefined when none was kept
   * Throws `bad-index` for what is no track of so many rows and this order.
   */
  static open(fileName: string, { rows, runs: text }: SavedTrack, order: number, { scratch, until = rows }: OpenTrackOptions): Track | undefined {
    if (text === null) return undefined;
    const most = Math.min(MAX_RUNS, Math.floor(rows / MIN_ROWS_OF_RUN), text.length >> 1);
    if (text.length > most * MAX_LETTERS) throw badIndex(fileName, `a track of ${rows} rows is written in ${text.length} letters`);
    const { ends, cells } = scratch.reserve(most);
    const reader = new TrackReader(text);
    const top = 2 ** order - 1;
    let [runs, end, face, x, y, hasLost] = [0, 0, -1, 0, 0, false];
    for (; !reader.isAtEnd && (end < until || until === rows); runs++) {
      const step = reader.next();
      if (step === JUMP) {
        face = reader.next();
        x = reader.next();
        y = reader.next();
      } else if (step >= STEP) {
        x += Math.floor((step - STEP) / 3) - 1;
        y += ((step - STEP) % 3) - 1;
      }
      const count = reader.next() + 1;
      if (step < 0 || step >= STEP + 9 || count < 1) throw badIndex(fileName, `run ${runs} of a track is none`);
      if (step !== LOST && !(face >= 0 && face < 12 && x >= 0 && x <= top && y >= 0 && y <= top)) throw badIndex(fileName, `run ${runs} of a track is in no cell of order ${order}`);
      end += count;
      if (runs >= most || end > rows) throw badIndex(fileName, `a track has more than its ${rows} rows or ${most} runs`);
      hasLost ||= step === LOST;
      ends[runs] = end;
      cells.face[runs] = step === LOST ? -1 : face;
      cells.x[runs] = x;
      cells.y[runs] = y;
    }
    if (end < until) throw badIndex(fileName, `a track has ${end} of ${rows} rows`);
    return new Track(ends.subarray(0, runs), cells, hasLost);
  }

  /** Whether all rows of a window have a position. */
  places({ from, to }: RowWindow): boolean {
    if (!this.#hasLost) return true;
    for (let run = this.#runOf(from), at = from; at < to; at = this.#ends[run++]!) if (this.#cells.face[run]! < 0) return false;
    return true;
  }

  /** Writes the cells of the rows of a window, from place 0 on. */
  fill({ from, to }: RowWindow, { face, x, y }: FaceRows): void {
    const cells = this.#cells;
    const count = to - from;
    for (let run = this.#runOf(from), i = 0; i < count; run++) {
      const end = Math.min(count, this.#ends[run]! - from);
      const f = cells.face[run]!;
      const cx = cells.x[run]!;
      const cy = cells.y[run]!;
      for (; i < end; i++) {
        face[i] = f;
        x[i] = cx;
        y[i] = cy;
      }
    }
  }

  /** The run that a row is in. */
  #runOf(row: number): number {
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! > row) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
