import type { ChunkValues } from '../../zarr/index.js';

/** How the values of a variable in two stores differ. */
export interface ValueDifference {
  /** Values that were compared. */
  readonly values: number;
  /** That differ by more than the tolerance, or are there in one store only. */
  readonly differ: number;
  /** Largest distance of two valid values, and largest distance as a share of the larger one. */
  readonly largest: number;
  readonly largestRelative: number;
  /** Valid (neither fill value nor NaN) in one store only. */
  readonly onlyA: number;
  readonly onlyB: number;
}

type Tally = { -readonly [K in keyof ValueDifference]: ValueDifference[K] };

/** Values of one variable in one parent. */
export interface Side {
  readonly values: ChunkValues;
  readonly fillValue: number | bigint;
}

/** Whether no value is valid. */
export function holdsNothing({ values, fillValue }: Side): boolean {
  for (let i = 0; i < values.length; i++) if (!isFill(values[i]!, fillValue)) return false;
  return true;
}

/** Whether all values are 0. */
export function isZero(values: ChunkValues): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! != 0) return false;
  return true;
}

/** Adds up how the values of one variable differ, parent after parent. */
export class ValueComparison {
  readonly #tolerance: number;
  readonly #tally: Tally = { values: 0, differ: 0, largest: 0, largestRelative: 0, onlyA: 0, onlyB: 0 };

  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  get sum(): ValueDifference {
    return this.#tally;
  }

  /** Both sides have the same length. */
  add(a: Side, b: Side): void {
    this.#tally.values += a.values.length;
    if (isBig(a.values) || isBig(b.values)) this.#addBig(a, b);
    else this.#addNumbers(a.values, Number(a.fillValue), b.values, Number(b.fillValue));
  }

  #addNumbers(a: Exclude<ChunkValues, BigInt64Array | BigUint64Array>, fillA: number, b: Exclude<ChunkValues, BigInt64Array | BigUint64Array>, fillB: number): void {
    for (let i = 0; i < a.length; i++) {
      const x = a[i]!, y = b[i]!;
      // NaN is never equal to itself: then the slow way decides.
      if (x === y && x !== fillA && y !== fillB) continue;
      this.#addPair(x === fillA || x !== x, y === fillB || y !== y, x, y);
    }
  }

  /** 64-bit integers, which a number cannot hold. */
  #addBig(a: Side, b: Side): void {
    for (let i = 0; i < a.values.length; i++) {
      const x = a.values[i]!, y = b.values[i]!;
      const gap = typeof x === 'bigint' && typeof y === 'bigint' ? Number(x - y) : Number(x) - Number(y);
      this.#addPair(isFill(x, a.fillValue), isFill(y, b.fillValue), Number(y) + gap, Number(y), Math.abs(gap));
    }
  }

  #addPair(isMissingA: boolean, isMissingB: boolean, x: number, y: number, gap = x === y ? 0 : Math.abs(x - y)): void {
    const tally = this.#tally;
    if (isMissingA || isMissingB) {
      if (isMissingA && isMissingB) return;
      tally.differ++;
      if (isMissingB) tally.onlyA++;
      else tally.onlyB++;
      return;
    }
    if (gap === 0) return;
    tally.largest = Math.max(tally.largest, gap);
    tally.largestRelative = Math.max(tally.largestRelative, gap === Infinity ? Infinity : gap / Math.max(Math.abs(x), Math.abs(y)));
    if (gap > this.#tolerance) tally.differ++;
  }
}

const isBig = (values: ChunkValues): values is BigInt64Array | BigUint64Array => values instanceof BigInt64Array || values instanceof BigUint64Array;
/** `==` compares an integer and a number by what they are worth. */
const isFill = (value: number | bigint, fillValue: number | bigint): boolean => value !== value || value == fillValue;
