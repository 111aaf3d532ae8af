export type { ObjectStore } from './object-store.js';
export type { RangeSource, ReadBuffer, ReadOptions } from './range-source.js';
