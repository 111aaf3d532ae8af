import { childIndex, nestedNumber, type FaceRows } from '../grid/index.js';
import { RUN_STRIDE, type Runs } from './row-block.js';
import type { RowMemory } from './row-memory.js';

/** What to do with the rows of a parent: store them, leave them out, or leave them out and count them: as unplanned, or as beyond the area that was asked for. */
export type ParentVerdict = 'keep' | 'skip' | 'outside' | 'elsewhere';

/** Turns rows, in their order, into runs; one builder serves one (granule, group). */
export class RunBuilder {
  readonly #order: number;
  readonly #levels: number;
  readonly #verdictOf: (parent: number) => ParentVerdict;
  readonly #parents: number[] = [];
  readonly #verdicts: ParentVerdict[] = [];
  readonly #places = new Map<number, number>();
  #data = new Int32Array(1024);
  #used = 0;
  #rows = 0;
  #outside = 0;
  #elsewhere = 0;
  // The cell of the last row; -1: none yet.
  #face = -1;
  #x = -1;
  #y = -1;
  #parentX = -1;
  #parentY = -1;
  #place = -1;

  /**
   * @param order child order, 0..29
   * @param parentOrder 0..min(order, 24), at most 15 below the child order
   * @param verdictOf asked once for each parent (nested id) met
   */
  constructor(order: number, parentOrder: number, verdictOf: (parent: number) => ParentVerdict) {
    this.#order = order;
    this.#levels = order - parentOrder;
    this.#verdictOf = verdictOf;
  }

  /** Rows kept since the last `cut`. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that the filters kept but that lie in a parent with the verdict `outside`. */
  get outside(): number {
    return this.#outside;
  }

  /** The same for `elsewhere`. */
  get elsewhere(): number {
    return this.#elsewhere;
  }

  /**
   * Appends rows 0 to `count`. Rows with face -1 or `keep` 0 are left out, but the parents of rejected rows are noted.
   * Writes the indexes of the kept rows to `kept` (length at least `count`) and returns how many there are.
   */
  append(cells: FaceRows, keep: Uint8Array | undefined, count: number, kept: Int32Array): number {
    const { face, x, y } = cells;
    let lastFace = this.#face;
    let lastX = this.#x;
    let lastY = this.#y;
    let verdict: ParentVerdict | undefined = this.#verdicts[this.#place];
    let accepts = verdict === 'keep';
    let taken = 0;
    let start = 0;
    for (let i = 0; i < count; i++) {
      if (x[i] !== lastX || y[i] !== lastY || face[i] !== lastFace) {
        this.#extend(taken - start);
        start = taken;
        lastFace = face[i]!;
        lastX = x[i]!;
        lastY = y[i]!;
        verdict = this.#enter(lastFace, lastX, lastY);
        accepts = verdict === 'keep';
      }
      if (keep !== undefined && keep[i] === 0) continue;
      if (accepts) kept[taken++] = i;
      else if (verdict === 'outside') this.#outside++;
      else if (verdict === 'elsewhere') this.#elsewhere++;
    }
    this.#extend(taken - start);
    return taken;
  }

  /** The runs, in `memory`, so that other threads can read them where the host shares it. */
  finish(memory: RowMemory): Runs {
    const used = this.#used - (this.#used > 0 && this.#data[this.#used - 1] === 0 ? RUN_STRIDE : 0);
    const data = memory.int32(used);
    data.set(this.#data.subarray(0, used));
    return { parents: Float64Array.from(this.#parents), data };
  }

  /** The runs so far, as `finish` gives them. What follows is a block of its own, whose rows count from 0. */
  cut(memory: RowMemory): Runs {
    const runs = this.finish(memory);
    this.#used = 0;
    this.#rows = 0;
    this.#face = -1; // so that the next row opens a run, whatever its cell
    this.#x = -1;
    this.#y = -1;
    return runs;
  }

  /** Adds rows to the run that is open. */
  #extend(rows: number): void {
    if (rows === 0) return;
    const at = this.#used - 1;
    this.#data[at] = this.#data[at]! + rows;
    this.#rows += rows;
  }

  /** Opens a run for a cell, in place of the last one when that got no row. Undefined for rows without position. */
  #enter(face: number, x: number, y: number): ParentVerdict | undefined {
    const levels = this.#levels;
    const parentX = x >> levels;
    const parentY = y >> levels;
    if (face < 0) this.#place = -1;
    else if (parentX !== this.#parentX || parentY !== this.#parentY || face !== this.#face) this.#place = this.#find(face, parentX, parentY);
    this.#face = face;
    this.#x = x;
    this.#y = y;
    this.#parentX = parentX;
    this.#parentY = parentY;
    const verdict = this.#verdicts[this.#place];
    if (verdict !== 'keep') return verdict;
    if (this.#used === 0 || this.#data[this.#used - 1] !== 0) {
      if (this.#used + RUN_STRIDE > this.#data.length) {
        const more = new Int32Array(2 * this.#data.length);
        more.set(this.#data);
        this.#data = more;
      }
      this.#used += RUN_STRIDE;
    }
    const at = this.#used - RUN_STRIDE;
    this.#data[at] = this.#place;
    this.#data[at + 1] = childIndex(x, y, levels);
    this.#data[at + 2] = this.#rows;
    this.#data[at + 3] = 0;
    return verdict;
  }

  #find(face: number, parentX: number, parentY: number): number {
    const parent = nestedNumber(face, parentX, parentY, this.#order - this.#levels);
    let place = this.#places.get(parent);
    if (place === undefined) {
      place = this.#parents.length;
      this.#places.set(parent, place);
      this.#parents.push(parent);
      this.#verdicts.push(this.#verdictOf(parent));
    }
    return place;
  }
}
