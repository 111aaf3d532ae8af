import type { Partially } from './partial.js';
import type { Filter, QualityFilter } from './pipeline-document.generated.js';
import { formatPath, type Path, type Report } from './report.js';

const NUMBER_TESTS = ['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal', 'range', 'in'] as const;

/**
 * Reports whole numbers from ±2^53 on in filters: reading rounded them (2^53 + 1 became 2^53), and integers of 64 bits are compared
 * exactly, so that other rows than those meant would be kept. Floats such as `1.0e+20` mean what they are. Without a text nobody
 * knows how a number was written: a warning.
 */
export function checkFilterNumbers(quality: Partially<QualityFilter> | undefined, filters: readonly (Partially<Filter> | null)[], report: Report): void {
  checkNumber(quality?.value, ['data_source', 'quality_filter', 'value'], report);
  filters.forEach((filter, i) => {
    for (const key of NUMBER_TESTS) {
      const value = filter?.[key];
      const path = ['data_source', 'filters', i, key];
      if (Array.isArray(value)) value.forEach((item: unknown, j) => checkNumber(item, [...path, j], report));
      else checkNumber(value, path, report);
    }
  });
}

function checkNumber(value: unknown, path: Path, report: Report): void {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return;
  const source = report.places.source(path);
  const written = source ?? String(value);
  if (!isWrittenWhole(written)) return;
  report.add({
    code: 'wrong-value', path, severity: source === undefined ? 'warning' : undefined,
    message: `${formatPath(path)}: expected a whole number between -2^53 and 2^53 (9007199254740992), found ${written.length > 40 ? `${written.slice(0, 37)}...` : written}: numbers beyond cannot be compared exactly; `
      + 'test their bits with bits_set and bits_clear, or, where rounding does no harm, write an expression on a difference, such as "id - start > 100"'
  });
}

/** Hexadecimal digits may be an e; other whole numbers have neither a point nor an exponent. */
const isWrittenWhole = (text: string): boolean => /^['"]?[-+]?0x/i.test(text) || !/[.eE]/.test(text);
