import type { JsonValue } from '../base/index.js';
import { checkExpression } from './check-expression.js';
import type { Expression } from './expression.js';
import { parsePython } from './expression-parser.js';
import type { ExpressionProblem } from './expression-problem.js';
import type { ColumnTypes } from './expression-reader.js';
import { isInteger, readFillValue } from './fill-value.js';
import { isVector } from './functions.js';
import { edgesOf } from './histogram-edges.js';
import { readFunctionVariable } from './function-variable.js';
import type { Partially } from './partial.js';
import type { DataType, OutputVariable } from './pipeline-config.js';
import type { Variable } from './pipeline-document.generated.js';
import { readAttributes } from './read-attributes.js';
import type { Path, Report } from './report.js';

/**
 * The variables of a config, in its order; those with an error are reported and left out.
 *
 * @param types of the columns that hold no plain numbers
 */
export function readVariables(variables: Readonly<Record<string, Partially<Variable> | undefined>>, columns: readonly string[], types: ColumnTypes, report: Report): readonly OutputVariable[] {
  const read = Object.entries(variables).flatMap(([name, variable]) => {
    const output = variable && readVariable(name, variable, columns, types, report);
    return output ? [output] : [];
  });
  for (const { name, bins } of read) {
    const taken = `${name}_bin`;
    if (!bins || !Object.hasOwn(variables, taken)) continue;
    report.add({ code: 'duplicate-name', at: 'key', path: ['aggregation', 'variables', taken], message: `${taken} is the coordinate of the histogram ${name}, with the centres of its bins: give this variable, or the histogram, another name` });
  }
  return read;
}

function readVariable(name: string, variable: Partially<Variable>, columns: readonly string[], types: ColumnTypes, report: Report): OutputVariable | undefined {
  const path = ['aggregation', 'variables', name];
  const fillValue = readFill(variable, path, report);
  const expression = readWhat(variable, columns, types, path, report);
  const attributes = readAttributes(variable, path, report);
  if (!expression || fillValue === undefined) return undefined;
  return {
    name,
    expression,
    written: variable.function !== undefined ? { kind: 'function', name: variable.function } : { kind: 'expression', text: variable.expression ?? '' },
    dtype: dtypeOf(variable),
    fillValue,
    bins: isHistogram(expression) ? edgesOf(expression) : undefined,
    attributes,
    isCount: expression.kind === 'call' && (expression.name === 'len' || expression.name === 'count' || (isHistogram(expression) && !isDensity(expression)))
  };
}

const isHistogram = (expression: Expression): expression is Expression & { readonly kind: 'call' } => expression.kind === 'call' && isVector(expression.name);
const isDensity = ({ kwargs: { density } }: Expression & { readonly kind: 'call' }): boolean => density?.kind === 'boolean' && density.value;

function readWhat(variable: Partially<Variable>, columns: readonly string[], types: ColumnTypes, path: Path, report: Report): Expression | undefined {
  const { function: name, expression } = variable;
  const variableName = String(path.at(-1));
  if (name !== undefined && expression !== undefined) {
    report.add({ code: 'function-or-expression', at: 'key', path: [...path, 'expression'], message: `${variableName} has both a function and an expression: keep one of the two` });
    return undefined;
  }
  if (name !== undefined) return readFunctionVariable({ function: name, source: variable.source, params: (variable.params ?? {}) as Record<string, JsonValue> }, columns, types, path, report);
  if (expression === undefined) {
    // A function or expression of the wrong type was reported already.
    if (!report.hasError([...path, 'function']) && !report.hasError([...path, 'expression'])) {
      report.add({ code: 'function-or-expression', at: 'key', path, message: `${variableName} has neither a function nor an expression: write for example function: mean and source: ${columns[0] ?? 'h_li'}` });
    }
    return undefined;
  }
  for (const key of ['source', 'params'] as const) {
    if (variable[key] !== undefined) report.add({ code: 'unused-key', severity: 'warning', at: 'key', path: [...path, key], message: `${key} has no effect beside an expression, which names its columns itself` });
  }
  let isGood = true;
  const tell = (problem: ExpressionProblem): void => {
    isGood = false;
    report.add({ ...problem, path: [...path, 'expression'] });
  };
  const parsed = parsePython(expression, tell, types);
  if (parsed) checkExpression(parsed, columns, tell);
  return isGood ? parsed : undefined;
}

const dtypeOf = (variable: Partially<Variable>): DataType => variable.dtype ?? 'float32';

function readFill(variable: Partially<Variable>, path: Path, report: Report): number | bigint | undefined {
  const dtype = dtypeOf(variable);
  const written = variable.fill_value;
  if (written === undefined && isInteger(dtype)) {
    // One of a wrong type was reported already.
    if (!report.hasError([...path, 'fill_value'])) {
      const fill = report.places.newEntry([...path, 'dtype'], 'fill_value: 0');
      report.add({
        code: 'missing-fill-value', path: [...path, 'dtype'], fix: { title: 'Add fill_value: 0', replacement: `${dtype}${fill}` },
        message: `${dtype} has no NaN, so that ${String(path.at(-1))} needs a fill_value for cells without data, for example fill_value: 0`
      });
    }
    return undefined;
  }
  const read = readFillValue(written, dtype);
  if (typeof read !== 'object') return read;
  report.add({ code: 'fill-value', path: [...path, 'fill_value'], message: `fill_value: ${read.problem}` });
  return undefined;
}
