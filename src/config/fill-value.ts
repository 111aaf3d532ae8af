import type { DataType } from './pipeline-config.js';

const NUMBERS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity, '+inf': Infinity, '+infinity': Infinity, '-inf': -Infinity, '-infinity': -Infinity };

export const isInteger = (dtype: DataType): boolean => !dtype.startsWith('float');

/** Least and greatest value of an integer type. */
export function integerRange(dtype: DataType): readonly [bigint, bigint] {
  const bits = BigInt(dtype.replace(/\D/g, ''));
  return dtype.startsWith('u') ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

/**
 * The fill value of a variable: a number, a bigint for 64-bit integers, or what is wrong with it. `written` is a number or the
 * text of one (`NaN`, `Infinity`, digits beyond 2^53); undefined means NaN and is not for integer types.
 */
export function readFillValue(written: number | string | undefined, dtype: DataType): number | bigint | { readonly problem: string } {
  const number = typeof written === 'number' ? written : written === undefined ? NaN : toNumber(written);
  if (number === undefined) return { problem: `expected a number, NaN, Infinity or -Infinity, found the text "${String(written)}"` };
  if (!isInteger(dtype)) {
    const isHeld = !Number.isFinite(number) || dtype === 'float64' || Number.isFinite(Math.fround(number));
    return isHeld ? number : { problem: `${number} is beyond the range of ${dtype}` };
  }
  if (!Number.isInteger(number)) return { problem: `${dtype} holds whole numbers, found ${number}; write one, such as 0 or -1, or make the dtype a float` };
  const exact = typeof written === 'string' && /^[-+]?\d+$/.test(written) ? BigInt(written.replace('+', '')) : BigInt(number);
  const [least, greatest] = integerRange(dtype);
  if (exact < least || exact > greatest) return { problem: `${exact} is outside ${dtype}, which holds ${least} to ${greatest}` };
  return dtype.endsWith('64') ? exact : Number(exact);
}

function toNumber(text: string): number | undefined {
  const special = NUMBERS[text.trim().toLowerCase()];
  if (special !== undefined) return special;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
