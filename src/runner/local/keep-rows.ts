import { MaggError } from '../../base/index.js';
import type { RowTest } from '../../config/index.js';
import type { Hdf5Dataset, NumericArray } from '../../hdf5/index.js';
import { keepBetween, keepBits, keepByTable, keepDifferent, keepEqual, keepGreater, keepLess, keepListed, type NumberArray } from './number-tests.js';
import { keepWide, type WideArray } from './wide-tests.js';

/**
 * Clears `keep[i]` (1 or 0) where row `i` of `values` is rejected, or `absent[i]` is 1: the row has no value. Returns how many
 * rows are left.
 */
export type RowSieve = (values: NumericArray, absent: Uint8Array | undefined, keep: Uint8Array) => number;

/** What a sieve must know of its dataset. */
export type SievedDataset = Pick<Hdf5Dataset, 'path' | 'type' | 'fillValue'>;

/**
 * The loops of a test over one dataset, chosen once. Integers of 64 bits are compared exactly; with float32 values the
 * numbers of the test are rounded to float32 first, as numpy does. The dataset's `_FillValue` passes only where `equal` or
 * `in` name it. A bit beyond the width of the type counts as 0. Throws `bad-filter` for bits
 * of floats, and for `bits_set` of a bit that the type does not have: no row would be left.
 */
export function compileTest(test: RowTest, dataset: SievedDataset, fileName: string): RowSieve {
  const { path, type } = dataset;
  if (test.op === 'bits' && type.startsWith('float')) {
    throw new MaggError('bad-filter', `the filter on ${path} tests bits, and its values in ${fileName} are ${type}: only integers have bits; choose another test or another dataset`, {
      context: { granule: fileName, dataset: path }
    });
  }
  const beyond = test.op === 'bits' ? test.set.find(bit => bit >= widthOf(type)) : undefined;
  if (beyond !== undefined) {
    throw new MaggError('bad-filter', `the filter on ${path} wants bit ${beyond} set, and its values in ${fileName} are ${type}, whose bits are 0 to ${widthOf(type) - 1}: no row has it; correct bits_set`, {
      context: { granule: fileName, dataset: path }
    });
  }
  const present = presentSieve(test, dataset);
  return (values, absent, keep) => {
    if (absent) for (let i = 0; i < keep.length; i++) if (absent[i] === 1) keep[i] = 0;
    return present(values, keep);
  };
}

function presentSieve(test: RowTest, { type, fillValue }: SievedDataset): (values: NumericArray, keep: Uint8Array) => number {
  if (type === 'int64' || type === 'uint64') {
    const sieve = keepWide(test, type, fillValue === undefined ? undefined : BigInt(fillValue));
    return (values, keep) => sieve(values as WideArray, keep);
  }
  const sieve = numberSieve(test, type, fillValue === undefined ? undefined : Number(fillValue));
  if (type !== 'int8' && type !== 'uint8') return (values, keep) => sieve(values as NumberArray, keep);
  // Of 256 values each is tested once; flags and confidences are all of this kind.
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const table = new Uint8Array(256).fill(1);
  sieve(type === 'int8' ? new Int8Array(all.buffer) : all, table);
  return (values, keep) => keepByTable(new Uint8Array(values.buffer, values.byteOffset, values.length), table, keep);
}

type NumberSieve = (values: NumberArray, keep: Uint8Array) => number;

function numberSieve(test: RowTest, type: Hdf5Dataset['type'], fillValue: number | undefined): NumberSieve {
  const rounded = (value: number): number => (type === 'float32' ? Math.fround(value) : value);
  const fill = fillValue === undefined ? undefined : rounded(fillValue);
  const filled = (sieve: NumberSieve): NumberSieve => {
    if (fill === undefined) return sieve;
    return (values, keep) => (sieve(values, keep) === 0 ? 0 : keepDifferent(values, fill, keep));
  };
  switch (test.op) {
    case 'equal':
      return keepEqual(rounded(test.value));
    case 'in': {
      const wanted = new Set(test.values.map(rounded));
      return (values, keep) => keepListed(values, wanted, keep);
    }
    case 'not-equal': {
      const value = rounded(test.value);
      return filled((values, keep) => keepDifferent(values, value, keep));
    }
    case 'less': {
      const value = rounded(test.value);
      return filled((values, keep) => keepLess(values, value, keep));
    }
    case 'greater': {
      const value = rounded(test.value);
      return filled((values, keep) => keepGreater(values, value, keep));
    }
    case 'less-equal':
      return filled(between(-Infinity, rounded(test.value)));
    case 'greater-equal':
      return filled(between(rounded(test.value), Infinity));
    case 'range':
      return filled(between(rounded(test.low), rounded(test.high)));
    case 'bits': {
      const width = widthOf(type);
      if (test.set.some(bit => test.clear.includes(bit))) return (_, keep) => (keep.fill(0), 0);
      const set = bitMask(test.set);
      const mask = set | bitMask(test.clear.filter(bit => bit < width));
      return filled((values, keep) => keepBits(values, mask, set, keep));
    }
    case 'not-fill':
      return filled((_, keep) => count(keep));
  }
}

const widthOf = (type: Hdf5Dataset['type']): number => Number(type.replace(/\D+/, ''));

const between = (low: number, high: number): NumberSieve => (values, keep) => keepBetween(values, low, high, keep);

const bitMask = (bits: readonly number[]): number => bits.reduce((mask, bit) => mask | (1 << bit), 0);

function count(keep: Uint8Array): number {
  let left = 0;
  for (let i = 0; i < keep.length; i++) left += keep[i]!;
  return left;
}
