import { MaggError } from '../base/index.js';
import { parseCellSet, writeCellSet } from './cell-set-json.js';
import { boundsUpTo, combineRanges, orderOfRanges, rangesOfCells, widenRanges, type IdRanges } from './id-ranges.js';
import { assertCell, assertOrder, MAX_ORDER } from './order.js';

/** Most cells that {@link CellSet.toOrder} lists at once: 128 MiB of ids. */
const MAX_LISTED = 2 ** 24;
const SPHERE = 12n << BigInt(2 * MAX_ORDER);

/** A multi-order coverage map in JSON: order (0 to 29) as key, nested ids as values. */
export type CellSetJson = Readonly<Record<string, readonly number[]>>;

/**
 * An immutable set of cells of any orders (a multi-order coverage map, MOC: IVOA recommendation 2.0): a cell is in the set
 * exactly when all its descendants are. Held as disjoint ranges of nested ids of order 29, exact everywhere; a set operation is
 * one pass over the ranges of both.
 */
export class CellSet {
  static readonly EMPTY = new CellSet(new BigUint64Array(0));
  /** All cells. */
  static readonly SPHERE = new CellSet(BigUint64Array.of(0n, SPHERE));

  private constructor(private readonly bounds: IdRanges) {}

  /**
   * The set of cells of one order, in any order, repeated or not. Numbers name cells of orders 0 to 24, 64-bit integers of all.
   * Throws `order`, and `cell` for a value that is no id of the order.
   */
  static from(ids: Float64Array | BigUint64Array, order: number): CellSet {
    return new CellSet(rangesOfCells(ids, order));
  }

  /** The set of cells of different orders. Throws `order` and `cell`. */
  static fromMixed(cells: Iterable<{ readonly id: bigint; readonly order: number }>): CellSet {
    const byOrder = new Map<number, bigint[]>();
    for (const { id, order } of cells) {
      assertCell(id, order);
      const list = byOrder.get(order);
      if (list) list.push(id);
      else byOrder.set(order, [id]);
    }
    let set = CellSet.EMPTY;
    for (const [order, ids] of byOrder) set = set.union(CellSet.from(BigUint64Array.from(ids), order));
    return set;
  }

  /**
   * Reads the IVOA JSON form, `{"6": [1, 2], "7": [40]}`, from parsed JSON. Cells may be repeated or lie in others, lists may be
   * empty. Throws `coverage` for anything else, for an id that is none of its order, and for one of 2^53 or more, which
   * JSON's numbers do not hold exactly.
   */
  static fromJson(value: unknown): CellSet {
    let set = CellSet.EMPTY;
    for (const { order, ids } of parseCellSet(value)) set = set.union(CellSet.from(ids, order));
    return set;
  }

  /**
   * The IVOA JSON form: the fewest cells, ids ascending, orders without cells left out. Throws `coverage` for a set with cells beyond order
   * 24, whose ids are no exact numbers: degrade it first.
   */
  toJson(): CellSetJson {
    return writeCellSet(this.bounds, this.order);
  }

  /** The lowest order whose cells make up the set exactly, 0 to 29; 0 for the empty set. */
  get order(): number {
    return orderOfRanges(this.bounds);
  }

  get isEmpty(): boolean {
    return this.bounds.length === 0;
  }

  /** Number of ranges of ids without a gap. */
  get rangeCount(): number {
    return this.bounds.length / 2;
  }

  /** Share of the sphere, 0 to 1; on the ellipsoid too when latitudes are authalic. */
  get areaShare(): number {
    const { bounds } = this;
    let ids = 0;
    for (let i = 0; i < bounds.length; i += 2) ids += Number(bounds[i + 1]! - bounds[i]!);
    return ids / Number(SPHERE);
  }

  /** A copy of the ranges: start and end (not in it) of each, ids of order 29, ascending. */
  toRanges(): BigUint64Array {
    return this.bounds.slice();
  }

  union(other: CellSet): CellSet {
    return new CellSet(combineRanges(this.bounds, other.bounds, [false, true, true, true]));
  }

  intersection(other: CellSet): CellSet {
    return new CellSet(combineRanges(this.bounds, other.bounds, [false, false, false, true]));
  }

  /** What is in this set and not in the other. */
  difference(other: CellSet): CellSet {
    return new CellSet(combineRanges(this.bounds, other.bounds, [false, true, false, false]));
  }

  /** All that is not in this set. */
  complement(): CellSet {
    return CellSet.SPHERE.difference(this);
  }

  equals(other: CellSet): boolean {
    const { bounds } = this;
    return bounds.length === other.bounds.length && bounds.every((bound, i) => bound === other.bounds[i]);
  }

  /** Whether a whole cell is in the set. Throws `cell` and `order`. */
  contains(id: bigint, order: number): boolean {
    const { first, end } = span(id, order);
    const before = boundsUpTo(this.bounds, first);
    return before % 2 === 1 && this.bounds[before]! >= end;
  }

  /** Whether any part of a cell is in the set. Throws `cell` and `order`. */
  touches(id: bigint, order: number): boolean {
    const { first, end } = span(id, order);
    const before = boundsUpTo(this.bounds, first);
    return before % 2 === 1 || (before < this.bounds.length && this.bounds[before]! < end);
  }

  /** The set widened to whole cells of `order`: the cells of {@link toOrder}, as a set. Throws `order`. */
  degraded(order: number): CellSet {
    assertOrder(order);
    return new CellSet(widenRanges(this.bounds, order));
  }

  /** How many cells of an order the set touches. Throws `order`. */
  count(order: number): bigint {
    const { bounds } = this.degraded(order);
    let ids = 0n;
    for (let i = 0; i < bounds.length; i += 2) ids += bounds[i + 1]! - bounds[i]!;
    return ids >> BigInt(2 * (MAX_ORDER - order));
  }

  /** Nested ids of the cells of an order that the set touches, ascending. Throws `order`, and `coverage` for more than 2^24 of them. */
  toOrder(order: number): BigUint64Array {
    const count = this.count(order);
    if (count > MAX_LISTED) {
      throw new MaggError('coverage', `expected at most ${MAX_LISTED} cells to list, found ${count} at order ${order}; choose a lower order`);
    }
    const out = new BigUint64Array(Number(count));
    const words = new Uint32Array(out.buffer);
    const { bounds } = this.degraded(order);
    const shift = BigInt(2 * (MAX_ORDER - order));
    let at = 0;
    for (let i = 0; i < bounds.length; i += 2) {
      const first = bounds[i]! >> shift;
      const cells = Number((bounds[i + 1]! >> shift) - first);
      let low = Number(first & 0xffffffffn);
      let high = Number(first >> 32n);
      for (let k = 0; k < cells; k++) {
        words[at++] = low;
        words[at++] = high;
        if (++low === 4294967296) {
          low = 0;
          high++;
        }
      }
    }
    return out;
  }
}

/** The ids of order 29 of a cell. */
function span(id: bigint, order: number): { readonly first: bigint; readonly end: bigint } {
  assertCell(id, order);
  const shift = BigInt(2 * (MAX_ORDER - order));
  return { first: id << shift, end: (id + 1n) << shift };
}
