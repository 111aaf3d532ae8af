export { hostLimiter } from './host-limiter.js';
export { httpSource, type HttpSourceOptions } from './http-source.js';
export { memorySource } from './memory-source.js';
export { memoryStore } from './memory-store.js';
export { assertKey } from './object-key.js';
export type { ObjectStore } from './object-store.js';
export type { RangeSource, ReadBuffer, ReadOptions } from './range-source.js';
export { assertUnchanged, type SourceState } from './source-state.js';
export { createReadBuffer } from './read-buffer.js';
