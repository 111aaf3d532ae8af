export { throwIfAborted, type Abortable } from './abort.js';
export { fromErrorRecord, MaggError, toErrorRecord, type ErrorContext, type ErrorRecord, type MaggErrorOptions } from './errors.js';
export { isJsonObject, type JsonObject, type JsonValue } from './json.js';
export { Limiter } from './limiter.js';
export { mergeRanges, type ByteRange, type MergedRange } from './ranges.js';
