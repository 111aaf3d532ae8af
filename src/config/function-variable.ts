import type { JsonValue } from '../base/index.js';
import { bindCall, type Argument } from './bind-call.js';
import { checkExpression } from './check-expression.js';
import type { Expression, Span } from './expression.js';
import { parsePython } from './expression-parser.js';
import type { ExpressionProblem } from './expression-problem.js';
import type { ColumnTypes } from './expression-reader.js';
import { explainUnknown, reducerMeaning } from './function-names.js';
import { QUANTILE_METHODS, REDUCERS, VECTOR_FUNCTIONS } from './functions.js';
import type { Path, Report } from './report.js';
import { moveSpans } from './move-spans.js';

/** A variable that names a function, as the document has it. */
export interface FunctionVariable {
  readonly function: string;
  readonly source: string | undefined;
  readonly params: Readonly<Record<string, JsonValue>>;
}

/** A part of the call's text and where it stands in the document. */
interface Part {
  readonly span: Span;
  readonly path: Path;
  readonly at: 'key' | 'value';
}

/** `fun(source, key=value)` as text, built up part by part, so that problems of the tree can be told at the part they come from. */
class CallText {
  text = '';
  readonly #parts: Part[] = [];

  add(text: string, path: Path, at: 'key' | 'value' = 'value'): Span {
    const span = { from: this.text.length, to: this.text.length + text.length };
    this.text += text;
    this.#parts.push({ span, path, at });
    return span;
  }

  /** What was added since `from` is the value at `path`: the parts of a list go before the list. */
  enclose(from: number, path: Path): Span {
    const span = { from, to: this.text.length };
    this.#parts.push({ span, path, at: 'value' });
    return span;
  }

  skip(text: string): void {
    this.text += text;
  }

  tell(report: Report, path: Path, problem: ExpressionProblem): void {
    const { span, ...rest } = problem;
    const part = this.#parts.find(({ span: { from, to } }) => span.from >= from && span.to <= to);
    const isWhole = part && span.from === part.span.from && span.to === part.span.to;
    if (!part) report.add({ ...rest, path: [...path, 'function'], fix: undefined });
    else report.add({ ...rest, path: part.path, at: part.at, span: isWhole || part.at === 'key' ? undefined : { from: span.from - part.span.from, to: span.to - part.span.from } });
  }
}

/** The call that a function variable stands for; undefined when something was reported. Spans count in {@link CallText}. */
export function readFunctionVariable(variable: FunctionVariable, columns: readonly string[], types: ColumnTypes, path: Path, report: Report): Expression | undefined {
  const name = variable.function;
  const text = new CallText();
  let isGood = true;
  const tell = (problem: ExpressionProblem): void => {
    isGood = false;
    text.tell(report, path, problem);
  };
  const nameSpan = text.add(name, [...path, 'function']);
  const meaning = reducerMeaning(name);
  if (!meaning) {
    const { message, near } = explainUnknown(name, name.includes('.') ? undefined : [...REDUCERS, ...VECTOR_FUNCTIONS]);
    tell({ code: 'unknown-function', message, span: nameSpan, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near } });
  }
  text.skip('(');
  const args: Argument[] = [];
  const source = variable.source ?? (meaning?.kind === 'function' && meaning.name === 'len' ? (columns.includes('h_li') ? 'h_li' : columns[0]) : undefined);
  if (source !== undefined) {
    const span = text.add(source, [...path, 'source']);
    args.push({ name: undefined, value: { kind: 'column', name: source, span }, span });
  } else if (meaning && columns.length > 0) {
    isGood = false;
    report.add({ code: 'missing-source', path: [...path, 'function'], message: `${name} needs a source: the column it works on, one of ${columns.join(', ')}`, fix: { title: `Add source: ${columns[0]}`, replacement: `${name}${report.places.newEntry([...path, 'function'], `source: ${columns[0]}`)}` } });
  }
  for (const [param, value] of Object.entries(variable.params)) {
    text.skip(', ');
    const span = text.add(param, [...path, 'params', param], 'key');
    text.skip('=');
    const read = readParam(param, value, [...path, 'params', param], types, text, tell);
    if (read) args.push({ name: param, value: read, span });
  }
  text.skip(')');
  if (!isGood || !meaning) return undefined;
  const call = bindCall({ name, shown: name, nameSpan, args, span: { from: 0, to: text.text.length } }, tell, meaning);
  if (call) checkExpression(call, columns, tell);
  return isGood ? call : undefined;
}

function readParam(param: string, value: JsonValue, path: Path, types: ColumnTypes, text: CallText, tell: (problem: ExpressionProblem) => void): Expression | undefined {
  if (Array.isArray(value)) {
    const start = text.text.length;
    const items = value.map((item: JsonValue, i) => readParam(param, item, [...path, i], types, text, tell));
    const span = items.length === 0 ? text.add('[]', path) : text.enclose(start, path);
    return items.every(item => item !== undefined) ? { kind: 'list', items, span } : undefined;
  }
  if (typeof value === 'number') return { kind: 'number', value, span: text.add(String(value), path) };
  if (typeof value === 'boolean') return { kind: 'boolean', value, span: text.add(value ? 'True' : 'False', path) };
  if (typeof value !== 'string') {
    tell({ code: 'param-value', message: `${param}: expected a number, a text, a column or an expression`, span: text.add('?', path) });
    return undefined;
  }
  const span = text.add(value, path);
  if (SPECIAL_NUMBERS[value] !== undefined) return { kind: 'number', value: SPECIAL_NUMBERS[value], span };
  if (param === 'method' || param === 'interpolation' || (QUANTILE_METHODS as readonly string[]).includes(value)) return { kind: 'text', value, span };
  if (value === 'None') return undefined;
  const parsed = parsePython(value, problem => tell({ ...problem, span: { from: problem.span.from + span.from, to: problem.span.to + span.from } }), types);
  return parsed && moveSpans(parsed, span.from);
}

/** As the document spells the numbers that JSON lacks. */
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };
