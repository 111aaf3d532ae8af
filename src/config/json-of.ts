import type { JsonValue } from '../base/index.js';
import type { Path, Report } from './report.js';

const MAX_DEPTH = 40;
/** Values of one document; the same object met twice counts twice. */
const MAX_VALUES = 1_000_000;

/**
 * A value as JSON: numbers that JSON lacks become the texts `NaN`, `Infinity`, `-Infinity`, bigints their digits, dates ISO
 * text; null, undefined and functions leave their key out. Undefined when it is nested without end.
 */
export function jsonOf(value: unknown, report: Report): JsonValue | undefined {
  let values = 0;
  let isGood = true;
  const read = (item: unknown, path: Path): JsonValue => {
    if (++values > MAX_VALUES || path.length > MAX_DEPTH) {
      if (isGood) report.add({ code: 'wrong-type', path, message: `expected at most ${MAX_DEPTH} levels and ${MAX_VALUES} values: does the config contain itself?` });
      isGood = false;
      return null;
    }
    switch (typeof item) {
      case 'number':
        return Number.isFinite(item) ? item : String(item);
      case 'bigint':
        return String(item);
      case 'string':
      case 'boolean':
        return item;
      case 'object':
        return item === null ? null : readObject(item, path);
      default:
        return null;
    }
  };
  const readObject = (item: object, path: Path): JsonValue => {
    if (item instanceof Date) return Number.isFinite(item.getTime()) ? item.toISOString() : null;
    if (Array.isArray(item)) return item.map((inner: unknown, i) => read(inner, [...path, i]));
    const entries = Object.entries(item).filter(([key]) => isWhole(key, path)).map(([key, inner]: [string, unknown]) => [key, read(inner, [...path, key])] as const);
    return Object.fromEntries<JsonValue>(entries.filter(([, inner]) => inner !== null));
  };
  const isWhole = (key: string, path: Path): boolean => {
    if (!/\p{Surrogate}/u.test(key)) return true;
    report.add({ code: 'unknown-key', path, message: 'a key holds half of a character pair' });
    return false;
  };
  const json = read(value, []);
  return isGood ? json : undefined;
}
