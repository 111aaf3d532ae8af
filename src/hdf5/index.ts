export type { ChunkCodecs } from './chunk-codecs.js';
export { portableChunkCodecs } from './codecs.js';
export type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5File, Hdf5Node, NumericArray, NumericType, RawChunk, StoredChunk } from './hdf5-file.js';
export type { Hdf5Index, SavedDataset, SavedStorage } from './hdf5-index.js';
export type { LibraryBounds } from './library-fallback.js';
export { openHdf5, type OpenOptions } from './open-hdf5.js';
export type { Fallback } from './ranged-file.js';
export { storedBytes } from './read-ranged.js';
export { webLibrary } from './web-library.js';
