import { MaggError } from '../../src/base/index.js';
import type { ChunkRequest, Hdf5Dataset, Hdf5File, NumericArray, NumericType, RawChunk } from '../../src/hdf5/index.js';

export interface FakeDataset {
  readonly values: NumericArray;
  readonly chunkRows?: number;
  readonly fillValue?: number;
  readonly shape?: readonly number[];
  /** Chunks that throw when decoded. */
  readonly damaged?: readonly number[];
}

const typeNames: ReadonlyMap<unknown, NumericType> = new Map<unknown, NumericType>([
  [Float64Array, 'float64'], [Float32Array, 'float32'], [Int8Array, 'int8'], [Int16Array, 'int16'], [Int32Array, 'int32'], [BigInt64Array, 'int64']
]);

/** A granule in memory that records what was read of it, and breaks where it is told to. */
export class FakeGranule implements Hdf5File {
  readonly requested: string[] = [];
  closed = 0;

  constructor(
    readonly name: string,
    readonly contents: Readonly<Record<string, FakeDataset>>,
    /** Errors of the next calls of `datasets`, first one first. */
    readonly failures: MaggError[] = []
  ) {}

  exists(paths: readonly string[]): Promise<readonly boolean[]> {
    const known = Object.keys(this.contents);
    return Promise.resolve(paths.map(path => path === '/' || known.some(key => key === path || key.startsWith(`${path}/`))));
  }

  datasets(paths: readonly string[]): Promise<readonly (Hdf5Dataset | undefined)[]> {
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    return Promise.resolve(paths.map(path => (this.contents[path] ? this.#dataset(path, this.contents[path]) : undefined)));
  }

  readChunks(requests: readonly ChunkRequest[]): Promise<readonly RawChunk[]> {
    return Promise.resolve(
      requests.map(({ dataset, chunk }) => {
        this.requested.push(`${dataset.path.split('/').pop()}#${chunk}`);
        const { values } = this.contents[dataset.path]!;
        return { kind: 'values', values: values.slice(chunk * dataset.chunkRows, (chunk + 1) * dataset.chunkRows) };
      })
    );
  }

  walk(): Promise<never[]> {
    return Promise.resolve([]);
  }

  attributes(): Promise<Readonly<Record<string, never>>> {
    return Promise.resolve({});
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }

  #dataset(path: string, { values, chunkRows, fillValue, shape, damaged }: FakeDataset): Hdf5Dataset {
    const rows = chunkRows ?? Math.max(1, values.length);
    return {
      path,
      shape: shape ?? [values.length],
      type: typeNames.get(values.constructor)!,
      chunkRows: rows,
      chunkCount: Math.ceil(values.length / rows),
      fillValue,
      decode: (chunk, raw) => {
        if (damaged?.includes(chunk)) {
          throw new MaggError('damaged-chunk', `${path} of ${this.name} could not be read: chunk ${chunk} inflates to 7 bytes, 8 expected`, { context: { granule: this.name, dataset: path } });
        }
        if (raw.kind !== 'values') throw new Error(`expected values, found ${raw.kind}`);
        return raw.values;
      }
    };
  }
}
