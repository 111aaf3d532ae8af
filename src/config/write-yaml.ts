import { isJsonObject, type JsonValue } from '../base/index.js';
import { readPlainScalar } from './yaml-scalar.js';

/** How a text is to be written, if it can be: as its neighbours are, or as it was. */
export type TextStyle = 'plain' | 'single' | 'double';

export interface WriteOptions {
  /** Within `{}` or `[]`. */
  readonly isFlow: boolean;
  readonly style: TextStyle;
}

/** Controls and what else YAML takes only as an escape. */
const SPECIAL = /\p{Cc}|\p{Surrogate}|[\u2028\u2029\ufeff\ufffe\uffff]/u;
const FIRST_PLAIN = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`=<]|-(?=[^\s\-,[\]{}])|[?:](?=[^\s,[\]{}]))/u;

/** A number that YAML 1.1 and 1.2 read alike, and as a number wherever it stands: 1.1 wants a point and a signed exponent. */
export function numberText(value: number): string {
  // Digits beyond 2^53 are read as a text where a fill value belongs.
  const text = Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : Object.is(value, -0) ? '-0' : String(value);
  return text.replace(/^(-?\d+)e/, '$1.0e');
}

/** A text as a scalar of one line: in the style asked for where that can hold it. */
export function textScalar(text: string, { isFlow, style }: WriteOptions): string {
  if (style === 'plain' && isPlain(text, isFlow)) return text;
  if (style !== 'double' && !SPECIAL.test(text)) return style === 'single' || text.includes('"') || text.includes('\\') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** True when the unquoted text is read back as this very text, by YAML 1.1 and 1.2. */
function isPlain(text: string, isFlow: boolean): boolean {
  if (!FIRST_PLAIN.test(text) || SPECIAL.test(text) || /\s$|:(?:\s|$)|\s#|^(?:---|\.\.\.)/.test(text)) return false;
  if (isFlow && /[,[\]{}:?]/.test(text)) return false;
  const { value, newer } = readPlainScalar(text);
  return value === text && newer === undefined;
}

/** Any value on one line; collections as `{a: 1}` and `[1, 2]`. */
export function flowText(value: JsonValue, options: WriteOptions): string {
  if (typeof value === 'string') return textScalar(value, options);
  if (typeof value === 'number') return numberText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  const inner = { ...options, isFlow: true };
  return isJsonObject(value)
    ? `{${Object.entries(value).map(([key, item]) => `${textScalar(key, inner)}: ${flowText(item, inner)}`).join(', ')}}`
    : `[${value.map(item => flowText(item, inner)).join(', ')}]`;
}

export interface BlockOptions {
  readonly style: TextStyle;
  /** Spaces before the lines that follow the first. */
  readonly indent: number;
  /** Spaces that an inner level has more. */
  readonly step: number;
  readonly lineEnd: string;
}

/** An entry of a block mapping, without the spaces before it and the line end after it. */
export function blockEntry(key: string, value: JsonValue, options: BlockOptions): string {
  const name = textScalar(key, { isFlow: false, style: options.style });
  if (!isBlock(value)) return `${name}: ${flowText(value, { isFlow: false, style: options.style })}`;
  const deeper = { ...options, indent: options.indent + options.step };
  return `${name}:${options.lineEnd}${' '.repeat(deeper.indent)}${blockText(value, deeper)}`;
}

/** A mapping or list over several lines; what has no lines of its own on one. */
export function blockText(value: JsonValue, options: BlockOptions): string {
  const { indent, lineEnd, style } = options;
  const join = (lines: readonly string[]): string => lines.join(`${lineEnd}${' '.repeat(indent)}`);
  if (isJsonObject(value) && Object.keys(value).length > 0) return join(Object.entries(value).map(([key, item]) => blockEntry(key, item, options)));
  if (Array.isArray(value) && value.length > 0) return join(value.map((item: JsonValue) => `- ${flowText(item, { isFlow: false, style })}`));
  return flowText(value, { isFlow: false, style });
}

/** Mappings, and lists of more than scalars, get lines of their own. */
function isBlock(value: JsonValue): boolean {
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Array.isArray(value) && value.some((item: JsonValue) => typeof item === 'object' && item !== null);
}

/** A text as a literal (`|`) or folded (`>`) block with the header it had; undefined when that cannot hold it. */
export function blockScalar(text: string, header: string, indent: number, lineEnd: string): string | undefined {
  const body = text.replace(/\n$/, '');
  const isFolded = header.startsWith('>');
  const ends = header.includes('-') ? !text.endsWith('\n') : text.endsWith('\n') && !/\n\n$/.test(text);
  const isWritable = ends && body !== '' && !/^\s|\s$|\n[ \t\n]|[ \t]\n/.test(body) && !SPECIAL.test(body.replaceAll('\n', '')) && !(isFolded && body.includes('\n')) && !/\d/.test(header);
  return isWritable ? `${header}${lineEnd}${body.split('\n').map(line => ' '.repeat(indent) + line).join(lineEnd)}` : undefined;
}
