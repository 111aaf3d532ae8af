import { MaggError } from '../../base/index.js';
import type { DataType, OutputVariable } from '../../config/index.js';
import type { OutputValues } from '../cell-rows.js';

/** A new array of the type. */
export function allocateValues(dtype: DataType, cells: number): OutputValues {
  switch (dtype) {
    case 'int8':
      return new Int8Array(cells);
    case 'int16':
      return new Int16Array(cells);
    case 'int32':
      return new Int32Array(cells);
    case 'int64':
      return new BigInt64Array(cells);
    case 'uint8':
      return new Uint8Array(cells);
    case 'uint16':
      return new Uint16Array(cells);
    case 'uint32':
      return new Uint32Array(cells);
    case 'uint64':
      return new BigUint64Array(cells);
    case 'float32':
      return new Float32Array(cells);
    case 'float64':
      return new Float64Array(cells);
  }
}

/** Puts the value of cells without rows into the first `length` places. */
export function writeEmpty({ fillValue, isCount }: OutputVariable, out: OutputValues, length: number): void {
  const empty = isCount ? 0 : fillValue;
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) out.fill(BigInt(empty), 0, length);
  else out.fill(Number(empty), 0, length);
}

/**
 * Writes the numbers of the filled cells into a variable's array. Integers are cut towards zero as numpy's astype does; NaN becomes the fill value.
 *
 * @param numbers number k is that of cell `filled[k]`; a single number stands for all
 * @throws MaggError `value-out-of-range` for a number that an integer type cannot hold
 */
export function writeValues(
  variable: OutputVariable, out: OutputValues, numbers: Float64Array, isConstant: boolean, filled: Int32Array, count: number
): void {
  const mask = isConstant ? 0 : -1;
  if (out instanceof Float32Array || out instanceof Float64Array) {
    // One NaN: which bits a computed one has depends on how far the engine has optimised the code.
    for (let k = 0; k < count; k++) {
      const value = numbers[k & mask]!;
      out[filled[k]!] = value === value ? value : NaN;
    }
    return;
  }
  const range = rangeOf(variable.dtype);
  for (let k = 0; k < count; k++) writeInteger(variable, range, out, filled[k]!, numbers[k & mask]!, filled[k]!);
}

/**
 * Writes the numbers of one cell of a variable that has several, by the rules of {@link writeValues}.
 *
 * @throws MaggError `value-out-of-range` for a number that an integer type cannot hold
 */
export function writeCell(variable: OutputVariable, out: OutputValues, cell: number, numbers: Float64Array): void {
  const first = cell * numbers.length;
  if (out instanceof Float32Array || out instanceof Float64Array) {
    for (let b = 0; b < numbers.length; b++) out[first + b] = numbers[b]! === numbers[b]! ? numbers[b]! : NaN;
    return;
  }
  const range = rangeOf(variable.dtype);
  for (let b = 0; b < numbers.length; b++) writeInteger(variable, range, out, first + b, numbers[b]!, cell);
}

type IntegerValues = Exclude<OutputValues, Float32Array | Float64Array>;

function writeInteger(variable: OutputVariable, [low, high]: readonly [number, number], out: IntegerValues, at: number, number: number, cell: number): void {
  const value = Math.trunc(number);
  const isNumber = value === value;
  if (isNumber && !(value >= low && value < high)) throw outOfRange(variable, value, cell);
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) out[at] = BigInt(isNumber ? value : variable.fillValue);
  else out[at] = isNumber ? value : Number(variable.fillValue);
}

/** Lowest value and the first one above the highest. */
function rangeOf(dtype: DataType): readonly [number, number] {
  const bits = Number(/\d+$/.exec(dtype)?.[0]);
  return dtype.startsWith('u') ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
}

function outOfRange({ name, dtype }: OutputVariable, value: number, cell: number): MaggError {
  const [low, high] = rangeOf(dtype);
  const top = BigInt(high) - 1n;
  return new MaggError(
    'value-out-of-range',
    `variable "${name}": expected a value from ${BigInt(low)} to ${top}, the range of ${dtype}, found ${value} in child cell ${cell} of the parent: choose a wider dtype, or float64`
  );
}
