import type { RowGroups } from './frame.js';
import type { ReductionName } from './graph.js';

/** One number per cell from a row vector and, where two operands meet, a second vector or numbers per cell. */
export type Reduction = (x: Float64Array, second: Float64Array, groups: RowGroups, out: Float64Array) => void;

/** First row for which `wins` holds against the best so far; `skipNaN`: NaN rows are passed over, otherwise the first one wins. */
function firstBest(sign: 1 | -1, skipNaN: boolean): Reduction {
  return (x, _, { starts, count }, out) => {
    for (let k = 0; k < count; k++) {
      const from = starts[k]!;
      const to = starts[k + 1]!;
      let best = NaN;
      let at = NaN;
      for (let i = from; i < to; i++) {
        const v = sign * x[i]!;
        if (v !== v) {
          if (skipNaN) continue;
          at = i - from;
          break;
        }
        if (at !== at || v > best) {
          best = v;
          at = i - from;
        }
      }
      out[k] = at;
    }
  };
}

/** Product; `dot` is the sum of products with a second vector. */
const prod: Reduction = (x, _, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let product = 1;
    for (let i = starts[k]!; i < starts[k + 1]!; i++) product *= x[i]!;
    out[k] = product;
  }
};

const dot: Reduction = (x, w, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    const to = starts[k + 1]!;
    let sum = 0;
    for (let i = starts[k]!; i < to; i++) sum += x[i]! * w[i]!;
    out[k] = sum;
  }
};

const countNonzero: Reduction = (x, _, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let n = 0;
    for (let i = starts[k]!; i < starts[k + 1]!; i++) n += Number(x[i] !== 0);
    out[k] = n;
  }
};

const any: Reduction = (x, _, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let i = starts[k]!;
    while (i < starts[k + 1]! && x[i] === 0) i++;
    out[k] = i < starts[k + 1]! ? 1 : 0;
  }
};

const all: Reduction = (x, _, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let i = starts[k]!;
    while (i < starts[k + 1]! && x[i] !== 0) i++;
    out[k] = i < starts[k + 1]! ? 0 : 1;
  }
};

/** Trapezoids of width one. */
const trapezoid: Reduction = (y, _, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let i = starts[k]! + 1; i < starts[k + 1]!; i++) sum += (y[i]! + y[i - 1]!) / 2;
    out[k] = sum;
  }
};

const trapezoidOverX: Reduction = (y, x, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let i = starts[k]! + 1; i < starts[k + 1]!; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
    out[k] = sum;
  }
};

/** The row at an index per cell, from the end where it is negative; NaN where there is no such row. */
const at: Reduction = (x, index, { starts, count }, out) => {
  for (let k = 0; k < count; k++) {
    const n = starts[k + 1]! - starts[k]!;
    const asked = index[k]!;
    const i = asked < 0 ? asked + n : asked;
    out[k] = i >= 0 && i < n && Number.isInteger(i) ? x[starts[k]! + i]! : NaN;
  }
};

export const REDUCTIONS: Readonly<Record<ReductionName, Reduction>> = {
  prod, dot, any, all, at, trapezoid,
  argmin: firstBest(-1, false),
  argmax: firstBest(1, false),
  nanargmin: firstBest(-1, true),
  nanargmax: firstBest(1, true),
  count_nonzero: countNonzero,
  'trapezoid-x': trapezoidOverX
};
