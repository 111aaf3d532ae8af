export type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5File, Hdf5Node, NumericArray, NumericType, RawChunk } from './hdf5-file.js';
