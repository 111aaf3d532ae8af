/** out[i] = f(a[i]) for i < n. */
export type Map1 = (out: Float64Array, a: Float64Array, n: number) => void;
/** The masks are -1 for a vector and 0 for a constant of one element: one loop for vectors and constants. */
export type Map2 = (out: Float64Array, a: Float64Array, maskA: number, b: Float64Array, maskB: number, n: number) => void;
export type Map3 = (
  out: Float64Array, a: Float64Array, maskA: number, b: Float64Array, maskB: number, c: Float64Array, maskC: number, n: number
) => void;

// The frequent maps have a loop each, so that V8 inlines the operation; loops made by a factory share one feedback. Truth
// becomes a number by Number(): a choice between 1 and 0 would be a branch that is guessed wrong half the time.
export const negative: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) out[i] = -a[i]!;
};
export const absolute: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) out[i] = Math.abs(a[i]!);
};
export const square: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    out[i] = x * x;
  }
};
export const squareRoot: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) out[i] = Math.sqrt(a[i]!);
};
export const not: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i] === 0);
};
export const isNaNs: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    out[i] = Number(x !== x);
  }
};
export const isFinites: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    out[i] = Number(x - x === 0);
  }
};
export const isNonzero: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i] !== 0);
};
export const isTrue: Map1 = (out, a, n) => {
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    out[i] = Number(x === x) & Number(x !== 0);
  }
};

export const add: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i & ma]! + b[i & mb]!;
};
export const subtract: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i & ma]! - b[i & mb]!;
};
export const multiply: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i & ma]! * b[i & mb]!;
};
export const divide: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i & ma]! / b[i & mb]!;
};
export const less: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! < b[i & mb]!);
};
export const lessEqual: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! <= b[i & mb]!);
};
export const equal: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! === b[i & mb]!);
};
export const notEqual: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! !== b[i & mb]!);
};
export const and: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! !== 0) & Number(b[i & mb]! !== 0);
};
export const or: Map2 = (out, a, ma, b, mb, n) => {
  for (let i = 0; i < n; i++) out[i] = Number(a[i & ma]! !== 0) | Number(b[i & mb]! !== 0);
};

/** NaN as the test counts as true, as in numpy and Python. */
export const where: Map3 = (out, a, ma, b, mb, c, mc, n) => {
  for (let i = 0; i < n; i++) out[i] = a[i & ma]! !== 0 ? b[i & mb]! : c[i & mc]!;
};

export function map1(f: (a: number) => number): Map1 {
  return (out, a, n) => {
    for (let i = 0; i < n; i++) out[i] = f(a[i]!);
  };
}

export function map2(f: (a: number, b: number) => number): Map2 {
  return (out, a, ma, b, mb, n) => {
    for (let i = 0; i < n; i++) out[i] = f(a[i & ma]!, b[i & mb]!);
  };
}
