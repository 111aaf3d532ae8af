/** JSON whose integers keep all their digits: those of 16 digits and more are bigints. */
export type ExactJson = null | boolean | number | bigint | string | readonly ExactJson[] | ExactJsonObject;
export interface ExactJsonObject {
  readonly [key: string]: ExactJson;
}

// JSON.parse rounds integers above 2^53, and a uint64 fill value may be any. Numbers travel through it as marked texts.
const MARK = '\u0000number:';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?[1-9]\d{15,}$/;
const MARKED = /"\\u0000number:(-?[\d.]+)"/g;

/** Parses JSON; a SyntaxError when it is none. */
export function parseExactJson(text: string): ExactJson {
  const marked = text.replace(TOKENS, token => (LONG_INTEGER.test(token) ? `"\\u0000number:${token}"` : token));
  return JSON.parse(marked, (key, value: ExactJson) => {
    if (key.startsWith(MARK)) throw new SyntaxError(`a number stands in place of a key: ${key.slice(MARK.length)}`);
    return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
  }) as ExactJson;
}

/** JSON text with two blanks of indentation; bigints become integers. NaN and the infinities must be texts already. */
export function formatExactJson(value: ExactJson): string {
  const text = JSON.stringify(value, (_, item: ExactJson) => {
    if (typeof item === 'bigint') return `${MARK}${item}`;
    return Object.is(item, -0) ? `${MARK}-0.0` : item;
  }, 2);
  return text.replace(MARKED, '$1');
}

/** The beginning of a value's text, for messages. */
export function briefJson(value: ExactJson | undefined): string {
  return value === undefined ? 'missing' : formatExactJson(value).replace(/\s+/g, ' ').slice(0, 100);
}

/** Whether a value is a JSON object. */
export function isJsonObject(value: ExactJson | undefined): value is ExactJsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
