/** Less would not hold one chunk of each thread. */
export const LEAST_MEMORY = 64e6;
const GREATEST_MEMORY = 64e12;
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };
const SIZE = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)$/i;

/** Bytes of a size such as `500MB`, `1.5GiB` or a plain number; or what is wrong with it. Fractions of a byte are dropped. */
export function readMemory(written: number | string): number | { readonly problem: string; readonly near?: string } {
  const [, digits, unit] = (typeof written === 'string' ? SIZE.exec(written.trim()) : null) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  if (typeof written === 'string' && factor === undefined) {
    // 500M and 2g leave out the B; a bare number of bytes stands without quotes.
    const near = unit !== undefined && UNITS[`${unit.toLowerCase()}b`] !== undefined ? `${digits}${unit.toUpperCase().replace('I', 'i')}B` : /^\d+$/.test(written.trim()) ? written.trim() : undefined;
    return { problem: `expected a size such as 500MB, 2GB or 1.5GiB, or a number of bytes, found the text ${JSON.stringify(written)}`, ...(near !== undefined && { near }) };
  }
  const bytes = Math.floor(typeof written === 'number' ? written : Number(digits) * factor!);
  return bytes >= LEAST_MEMORY && bytes <= GREATEST_MEMORY ? bytes : { problem: `expected from 64MB to 64TB, found ${written}${typeof written === 'number' ? ' bytes' : ''}` };
}
