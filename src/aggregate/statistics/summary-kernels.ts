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
    out[k] = from === to ? 0 : squaresAround(x, from, to, totals[k]! / (to - from));
  }
}

export function squaresAround(x: Float64Array, from: number, to: number, mean: number): number {
  let squares = 0;
  let rest = 0;
  for (let i = from; i < to; i++) {
    const d = x[i]! - mean;
    squares += d * d;
    rest += d;
  }
  return correctedSquares(squares, rest, to - from);
}

/**
 * The deviations from an exact mean sum to zero; what they do sum to corrects for the rounding of the mean (Chan, Golub,
 * LeVeque 1983, the corrected two-pass algorithm).
 */
export function correctedSquares(squares: number, rest: number, n: number): number {
  const corrected = squares - (rest * rest) / n;
  return corrected < 0 ? 0 : corrected;
}

function hasNaN(x: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (x[i] !== x[i]) return true;
  return false;
}
