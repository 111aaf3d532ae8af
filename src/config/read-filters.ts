import { checkFilterNumbers } from './check-filter-numbers.js';
import type { ColumnTypes } from './expression-reader.js';
import type { DatasetPath, RowFilter, RowTest } from './pipeline-config.js';
import type { Filter, QualityFilter } from './pipeline-document.generated.js';
import type { Partially } from './partial.js';
import type { Path, Report } from './report.js';
import { parseRowExpression } from './row-expression.js';

const TESTS = ['equal', 'not_equal', 'less', 'less_equal', 'greater', 'greater_equal', 'range', 'in', 'bits_set', 'bits_clear', 'not_fill'] as const;
type TestKey = (typeof TESTS)[number];

/** The filters of a source, the short form first; those with an error are reported and left out. */
export function readFilters(quality: Partially<QualityFilter> | undefined, filters: readonly (Partially<Filter> | null)[], columns: readonly string[], types: ColumnTypes, report: Report): readonly RowFilter[] {
  checkFilterNumbers(quality, filters, report);
  const first: RowFilter[] = quality?.dataset !== undefined && quality.value !== undefined
    ? [{ kind: 'dataset', ...pathOf(quality.dataset, quality), test: { op: 'equal', value: quality.value } }]
    : [];
  return [...first, ...filters.flatMap((filter, i) => {
    const read = filter && readFilter(filter, ['data_source', 'filters', i], columns, types, report);
    return read ? [read] : [];
  })];
}

function readFilter(filter: Partially<Filter>, path: Path, columns: readonly string[], types: ColumnTypes, report: Report): RowFilter | undefined {
  const { dataset, expression } = filter;
  const tests = TESTS.filter(key => filter[key] !== undefined);
  if (expression !== undefined) return readExpression(expression, [...(['dataset', 'column', 'level'] as const).filter(key => filter[key] !== undefined), ...tests], path, columns, types, report);
  const fault = (message: string, key?: string): undefined => {
    report.add({ code: 'filter', at: 'key', path: key === undefined ? path : [...path, key], message });
    return undefined;
  };
  const kinds = tests.filter(key => key !== 'bits_clear' || !tests.includes('bits_set'));
  if (kinds.length > 1) return fault(`a filter has one test, found ${kinds.join(' and ')}: write one entry for each, since all filters must hold`, kinds[1]);
  // A key that was misspelt, or a value of the wrong type, was reported already.
  if (report.hasErrorWithin(path)) return undefined;
  if (dataset === undefined) {
    return fault(kinds[0] === undefined
      ? 'a filter has a dataset and a test, such as less: 1, or an expression, such as "h_li < 4000 and s_li < 1"'
      : `${kinds[0]} has nothing to test: write dataset: and the path of a dataset beside it`, kinds[0]);
  }
  if (kinds[0] === undefined) return fault(`the filter has a dataset and no test: write one of ${TESTS.join(', ')} beside it, for example equal: 0`, 'dataset');
  const test = testOf(kinds[0], filter as Filter, path, report);
  return test && { kind: 'dataset', ...pathOf(dataset, filter), test };
}

function readExpression(text: string, beside: readonly string[], path: Path, columns: readonly string[], types: ColumnTypes, report: Report): RowFilter | undefined {
  for (const key of beside) report.add({ code: 'filter', at: 'key', path: [...path, key], message: `${key} stands beside an expression, which names its columns itself: write an entry of its own for it` });
  let isGood = beside.length === 0;
  const remedy = 'compare columns and numbers, as in "h_li < 4000 and s_li < 1"';
  const expression = parseRowExpression(text, { columns, types, reductionRemedy: remedy }, problem => {
    isGood = false;
    report.add({ ...problem, path: [...path, 'expression'] });
  });
  return isGood && expression ? { kind: 'expression', text, expression } : undefined;
}

const pathOf = (dataset: string, { column, level }: Partially<Filter>): DatasetPath => ({ dataset, column, level });

/** The value of `key` has the type that the schema says. */
function testOf(key: TestKey, filter: Filter, path: Path, report: Report): RowTest | undefined {
  switch (key) {
    case 'not_fill':
      return { op: 'not-fill' };
    case 'in':
      return { op: 'in', values: filter.in! };
    case 'range': {
      const [low, high] = filter.range!;
      if (low <= high) return { op: 'range', low, high };
      report.add({
        code: 'filter', path: [...path, 'range'], fix: { title: 'Swap the two', replacement: `[${high}, ${low}]` },
        message: `range: expected the lower number first, found [${low}, ${high}], which no number is within`
      });
      return undefined;
    }
    case 'bits_set':
    case 'bits_clear': {
      const [set, clear] = [bitsOf(filter.bits_set), bitsOf(filter.bits_clear)];
      const both = set.find(bit => clear.includes(bit));
      if (both === undefined) return { op: 'bits', set, clear };
      report.add({ code: 'filter', at: 'key', path: [...path, 'bits_clear'], message: `bit ${both} is in bits_set and in bits_clear, and no number has it both ways: leave it out of one` });
      return undefined;
    }
    default:
      return { op: OPERATORS[key], value: filter[key]! };
  }
}

const OPERATORS = { equal: 'equal', not_equal: 'not-equal', less: 'less', less_equal: 'less-equal', greater: 'greater', greater_equal: 'greater-equal' } as const;

/** Ascending, each once. */
const bitsOf = (written: number | readonly number[] | undefined): readonly number[] => [...new Set(written === undefined ? [] : typeof written === 'number' ? [written] : written)].sort((a, b) => a - b);
