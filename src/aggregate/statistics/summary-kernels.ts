import type { RowGroups } from './frame.js';

/** Sum of each cell, left to right. */
export function sums(x: Float64Array, { starts, count }: RowGroups, out: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const to = starts[k + 1]!;
    let sum = 0;
    for (let i = starts[k]!; i < to; i++) sum += x[i]!;
    out[k] = sum;
  }
}

/** Smallest, largest and sum of each cell; NaN in a cell makes all three NaN, as does a cell without rows the first two. */
export function extremesAndSums(x: Float64Array, { starts, count }: RowGroups, min: Float64Array, max: Float64Array, out: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const from = starts[k]!;
    const to = starts[k + 1]!;
    let low = Infinity;
    let high = -Infinity;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const v = x[i]!;
      if (v < low) low = v;
      if (v > high) high = v;
      sum += v;
    }
    // Only a sum that is NaN can hide a NaN; infinities of both signs give the same sum.
    if (from === to || (sum !== sum && hasNaN(x, from, to))) low = high = NaN;
    min[k] = low;
    max[k] = high;
    out[k] = sum;
  }
}

/** Sum of squared deviations from the mean. */
export function squaredDeviations(x: Float64Array, { starts, count }: RowGroups, totals: Float64Array, out: Float64Array): void {
  for (let k = 0; k < count; k++) {
    const from = starts[k]!;
    const to = starts[k + 1]!;
    out[k] = squaresAround(x, from, to, totals[k]! / (to - from));
  }
}

export function squaresAround(x: Float64Array, from: number, to: number, mean: number): number {
  let squares = 0;
  for (let i = from; i < to; i++) {
    const d = x[i]! - mean;
    squares += d * d;
  }
  return squares;
}

function hasNaN(x: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (x[i] !== x[i]) return true;
  return false;
}
