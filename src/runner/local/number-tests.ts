import type { NumericArray } from '../../hdf5/index.js';

/** Arrays whose values are numbers, not bigints. */
export type NumberArray = Exclude<NumericArray, BigInt64Array | BigUint64Array>;

// One loop per kind of test: each clears `keep[i]` (1 or 0) where row `i` does not pass, and returns how many are left.

/** 8-bit values, `values` as bytes: those for whose byte `table` (256 values) is 1. */
export function keepByTable(values: Uint8Array, table: Uint8Array, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = keep[i]! & table[values[i]!]!;
  return left;
}

/** The values equal to `wanted`; NaN names NaN. */
export function keepEqual(wanted: number): (values: NumberArray, keep: Uint8Array) => number {
  if (Number.isNaN(wanted)) {
    return (values, keep) => {
      let left = 0;
      for (let i = 0; i < keep.length; i++) left += keep[i] = Number.isNaN(values[i]) ? keep[i]! : 0;
      return left;
    };
  }
  return (values, keep) => {
    let left = 0;
    for (let i = 0; i < keep.length; i++) left += keep[i] = values[i] === wanted ? keep[i]! : 0;
    return left;
  };
}

/** The values other than `refused`; NaN names NaN. */
export function keepDifferent(values: NumberArray, refused: number, keep: Uint8Array): number {
  const isNaNRefused = Number.isNaN(refused);
  let left = 0;
  for (let i = 0; i < keep.length; i++) {
    const value = values[i]!;
    left += keep[i] = value === refused || (isNaNRefused && value !== value) ? 0 : keep[i]!;
  }
  return left;
}

export function keepLess(values: NumberArray, bound: number, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = values[i]! < bound ? keep[i]! : 0;
  return left;
}

export function keepGreater(values: NumberArray, bound: number, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = values[i]! > bound ? keep[i]! : 0;
  return left;
}

/** Both bounds included. */
export function keepBetween(values: NumberArray, low: number, high: number, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = values[i]! >= low && values[i]! <= high ? keep[i]! : 0;
  return left;
}

export function keepListed(values: NumberArray, wanted: ReadonlySet<number>, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = keep[i] === 1 && wanted.has(values[i]!) ? 1 : 0;
  return left;
}

/** Integers of up to 32 bits whose bits in `mask` are those of `set`. */
export function keepBits(values: NumberArray, mask: number, set: number, keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = (values[i]! & mask) === set ? keep[i]! : 0;
  return left;
}
