import { isJsonObject, type JsonObject, type JsonValue } from '../base/index.js';
import type { Path, Report } from './report.js';
import { schemaAt, typesAt } from './schema-lookup.js';

interface Change {
  readonly title: string;
  readonly replacement: string;
}

/** What to write instead of a value of the wrong type, where that is clear and is right at once; undefined otherwise. */
export function typeFix(value: JsonValue | undefined, path: Path, report: Report): Change | undefined {
  const types = typesAt(path);
  const unquoted = typeof value === 'string' ? withoutQuotes(value, types) : undefined;
  if (unquoted !== undefined) return { title: 'Leave out the quotes', replacement: unquoted };
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    // As it stands in the text: `on` was read as true.
    const written = report.places.source(path) ?? String(value);
    return isRight(written, schemaAt(path)) && !isRowExpression(path) ? { title: 'Put it in quotes', replacement: JSON.stringify(written) } : meant(value, path, report);
  }
  if (types[0] === 'array' && (typeof value === 'string' || typeof value === 'number')) return asList(value, schemaAt(path)?.items);
  if (path.at(-2) === 'filters' && typeof value === 'string') return { title: 'Make it an expression', replacement: `{expression: ${JSON.stringify(value)}}` };
  return undefined;
}

/** Whole numbers from 2^53 on were rounded when they were read, and no key takes them as numbers. */
const isExact = (value: number): boolean => !Number.isInteger(value) || Number.isSafeInteger(value);

function withoutQuotes(text: string, types: readonly string[]): string | undefined {
  const isNumber = isExact(Number(text)) && ((types.includes('number') && /^-?\d+(\.\d+)?$/.test(text)) || (types.includes('integer') && /^-?\d+$/.test(text)));
  return isNumber || (types.includes('boolean') && (text === 'true' || text === 'false')) ? text : undefined;
}

/** A number is no expression over columns, in quotes or not. */
const isRowExpression = (path: Path): boolean => path[0] === 'data_source' && (path[1] === 'let' || path.at(-1) === 'expression');

/** True of a text that the schema takes. Keys of numbers or texts take only texts of numbers and sizes. */
function isRight(text: string, { type, enum: values, pattern }: JsonObject = {}): boolean {
  if (Array.isArray(type) && type.includes('number')) return false;
  if (Array.isArray(values)) return values.includes(text);
  return typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text);
}

/** `fill_value: no` and `compression: off` mean none. */
function meant(value: number | boolean, path: Path, report: Report): Change | undefined {
  if (value !== false) return undefined;
  const { enum: values = [] } = schemaAt(path) ?? {};
  const isWhole = /^['"]?u?int/.test(report.places.source([...path.slice(0, -1), 'dtype']) ?? '');
  const none = path.at(-1) === 'fill_value' ? (isWhole ? '0' : 'NaN') : (values as readonly JsonValue[]).includes('none') ? 'none' : undefined;
  return none === undefined ? undefined : { title: `Change to ${none}`, replacement: none };
}

function asList(value: string | number, items: JsonValue | undefined): Change | undefined {
  const type = isJsonObject(items) ? items.type : undefined;
  const isNumber = type === 'number' || type === 'integer';
  const written = isNumber && typeof value === 'string' ? withoutQuotes(value, [type]) : isNumber ? (isExact(Number(value)) ? String(value) : undefined) : type === 'string' ? JSON.stringify(String(value)) : undefined;
  return written === undefined ? undefined : { title: 'Make it a list', replacement: `[${written}]` };
}
