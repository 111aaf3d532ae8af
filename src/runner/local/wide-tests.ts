import type { RowTest } from '../../config/index.js';

export type WideArray = BigInt64Array | BigUint64Array;
type WideSieve = (values: WideArray, keep: Uint8Array) => number;

/** A test over integers of 64 bits, exact for all of them; see `compileTest`. */
export function keepWide(test: RowTest, type: 'int64' | 'uint64', fill: bigint | undefined): WideSieve {
  const filled = (sieve: WideSieve): WideSieve => {
    if (fill === undefined) return sieve;
    return (values, keep) => (sieve(values, keep) === 0 ? 0 : keepIf(values, keep, value => value !== fill));
  };
  const lowest = type === 'int64' ? -(2n ** 63n) : 0n;
  const highest = type === 'int64' ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const between = (low: bigint, high: bigint): WideSieve => filled((values, keep) => keepIf(values, keep, value => value >= low && value <= high));
  // Bounds as the nearest integer that passes.
  const up = (bound: number): bigint => (bound === -Infinity ? lowest : Number.isFinite(bound) ? BigInt(Math.ceil(bound)) : highest + 1n);
  const down = (bound: number): bigint => (bound === Infinity ? highest : Number.isFinite(bound) ? BigInt(Math.floor(bound)) : lowest - 1n);
  switch (test.op) {
    case 'equal':
    case 'in': {
      const wanted = new Set((test.op === 'in' ? test.values : [test.value]).filter(Number.isInteger).map(BigInt));
      return (values, keep) => keepIf(values, keep, value => wanted.has(value));
    }
    case 'not-equal': {
      const refused = Number.isInteger(test.value) ? BigInt(test.value) : undefined;
      return filled((values, keep) => keepIf(values, keep, value => value !== refused));
    }
    case 'less':
      return between(lowest, Number.isFinite(test.value) ? up(test.value) - 1n : down(test.value));
    case 'less-equal':
      return between(lowest, down(test.value));
    case 'greater':
      return between(Number.isFinite(test.value) ? down(test.value) + 1n : up(test.value), highest);
    case 'greater-equal':
      return between(up(test.value), highest);
    case 'range':
      return between(up(test.low), down(test.high));
    case 'bits': {
      if (test.set.some(bit => test.clear.includes(bit))) return (_, keep) => (keep.fill(0), 0);
      const set = bitMask(test.set);
      const mask = set | bitMask(test.clear);
      return filled((values, keep) => keepIf(values, keep, value => (BigInt.asUintN(64, value) & mask) === set));
    }
    case 'not-fill':
      return filled((values, keep) => keepIf(values, keep, () => true));
  }
}

/** A call for each row: integers this wide are rare, and slow in any loop. */
function keepIf(values: WideArray, keep: Uint8Array, passes: (value: bigint) => boolean): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i] = keep[i] === 1 && passes(values[i]!) ? 1 : 0;
  return left;
}

const bitMask = (bits: readonly number[]): bigint => bits.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
