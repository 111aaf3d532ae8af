const TWO_52 = 2 ** 52;
const TWO_32 = 2 ** 32;

/** Nearest integer, ties to even (C's rint). */
export function rint(x: number): number {
  if (x >= 0) return x < TWO_52 ? x + TWO_52 - TWO_52 : x;
  return x > -TWO_52 ? x - TWO_52 + TWO_52 : x;
}

/** numpy's `round`: scale, rint, scale back. */
export function roundTo(x: number, decimals: number): number {
  if (decimals === 0) return rint(x);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? rint(x * scale) / scale : rint(x / scale) * scale;
}

/** numpy's `%` of floats: the sign of the divisor. */
export function floorModulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** numpy's `//` of floats: from the remainder, so that it agrees with `%`. Division by zero gives an infinity or NaN. */
export function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const exact = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  const floor = Math.floor(exact);
  return exact - floor > 0.5 ? floor + 1 : floor;
}

/** C's pow, which knows two cases better than JavaScript: 1 ** NaN and (-1) ** infinity are 1. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && (b === Infinity || b === -Infinity))) return 1;
  return a ** b;
}

/** Bits of two integers below 2^53 in two's complement; NaN when one is no such integer. */
export function bits(a: number, b: number, operator: '&' | '|' | '^'): number {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return NaN;
  const highA = Math.floor(a / TWO_32);
  const highB = Math.floor(b / TWO_32);
  if (operator === '&') return (highA & highB) * TWO_32 + ((a & b) >>> 0);
  if (operator === '|') return (highA | highB) * TWO_32 + ((a | b) >>> 0);
  return (highA ^ highB) * TWO_32 + ((a ^ b) >>> 0);
}

/** numpy's ~ of an integer; NaN when it is none. */
export function invertBits(a: number): number {
  return Number.isSafeInteger(a) ? -a - 1 : NaN;
}
