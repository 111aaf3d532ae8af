import { MaggError } from '../../src/base/index.js';
import { assertUnchanged, type SourceState } from '../../src/io/index.js';
import type { ChunkRequest, Hdf5Dataset, Hdf5File, Hdf5Index, NumericArray, NumericType, RawChunk } from '../../src/hdf5/index.js';

export interface FakeDataset {
  /** Of two dimensions row by row. */
  readonly values: NumericArray;
  readonly chunkRows?: number;
  readonly fillValue?: number | bigint;
  readonly shape?: readonly number[];
  /** Chunks that throw when decoded. */
  readonly damaged?: readonly number[];
}

const UNKNOWN: SourceState = { sizeBytes: 1, tag: undefined };

const typeNames: ReadonlyMap<unknown, NumericType> = new Map<unknown, NumericType>([
  [Float64Array, 'float64'], [Float32Array, 'float32'], [Int8Array, 'int8'], [Int16Array, 'int16'], [Int32Array, 'int32'], [BigInt64Array, 'int64'],
  [Uint8Array, 'uint8'], [Uint16Array, 'uint16'], [Uint32Array, 'uint32'], [BigUint64Array, 'uint64']
]);

/** A granule in memory that records what was read of it, and breaks where it is told to. */
export class FakeGranule implements Hdf5File {
  readonly requested: string[] = [];
  readonly decoded: string[] = [];
  /** Paths that were looked for in the file, not in a saved index. */
  readonly looked: string[] = [];
  /** What tells this content from another; undefined: nothing does. */
  state: SourceState | undefined;
  #saved: Hdf5Index | undefined;
  closed = 0;

  constructor(
    readonly name: string,
    readonly contents: Readonly<Record<string, FakeDataset>>,
    /** Errors of the next calls of `datasets`, first one first. */
    readonly failures: MaggError[] = []
  ) {}

  /** As opening a file with what an earlier opening learned. */
  withSaved(saved: Hdf5Index | undefined): this {
    if (saved) assertUnchanged(this.name, { sizeBytes: saved.sizeBytes, tag: saved.tag ?? undefined }, this.state ?? UNKNOWN);
    this.#saved = saved;
    return this;
  }

  exists(paths: readonly string[]): Promise<readonly boolean[]> {
    this.#look(paths);
    const known = Object.keys(this.contents);
    return Promise.resolve(paths.map(path => path === '/' || known.some(key => key === path || key.startsWith(`${path}/`))));
  }

  datasets(paths: readonly string[]): Promise<readonly (Hdf5Dataset | undefined)[]> {
    this.#look(paths);
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    return Promise.resolve(paths.map(path => (this.contents[path] ? this.#dataset(path, this.contents[path]) : undefined)));
  }

  readChunks(requests: readonly ChunkRequest[]): Promise<readonly RawChunk[]> {
    return Promise.resolve(
      requests.map(({ dataset, chunk }) => {
        this.requested.push(`${dataset.path.split('/').pop()}#${chunk}`);
        return { kind: 'values', values: rowsOf(this.contents[dataset.path]!, chunk * dataset.chunkRows, (chunk + 1) * dataset.chunkRows) };
      })
    );
  }

  savedIndex(): Hdf5Index {
    const paths = [...new Set([...this.looked, ...(this.#saved ? [...this.#saved.present, ...this.#saved.absent] : [])])];
    const { sizeBytes, tag } = this.state ?? UNKNOWN;
    return { version: 1, sizeBytes, tag: tag ?? null, datasets: [], present: paths.filter(path => this.contents[path]), absent: paths.filter(path => !this.contents[path]) };
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

  #look(paths: readonly string[]): void {
    const known = new Set(this.#saved ? [...this.#saved.present, ...this.#saved.absent] : []);
    this.looked.push(...paths.filter(path => !known.has(path)));
  }

  #dataset(path: string, fake: FakeDataset): Hdf5Dataset {
    const { values, chunkRows, fillValue, damaged } = fake;
    const shape = fake.shape ?? [values.length];
    const length = shape[0] ?? 1;
    const rows = chunkRows ?? Math.max(1, length);
    const dataset: Hdf5Dataset = {
      path,
      shape,
      type: typeNames.get(values.constructor)!,
      chunkRows: rows,
      chunkCount: Math.ceil(length / rows),
      fillValue,
      decode: (chunk, raw) => {
        if (damaged?.includes(chunk)) {
          throw new MaggError('damaged-chunk', `${path} of ${this.name} could not be read: chunk ${chunk} inflates to 7 bytes, 8 expected`, { context: { granule: this.name, dataset: path } });
        }
        if (raw.kind !== 'values') throw new Error(`expected values, found ${raw.kind}`);
        this.decoded.push(`${path.split('/').pop()}#${chunk}`);
        return raw.values;
      },
      column: index => {
        const width = shape[1];
        if (shape.length !== 2 || !(index < width!)) throw new MaggError('no-such-column', `${path} of ${this.name} has no column ${index}`);
        const decode: Hdf5Dataset['decode'] = (chunk, raw) => dataset.decode(chunk, raw).filter((_: unknown, i: number) => i % width! === index);
        return { ...dataset, shape: [length], decode };
      }
    };
    return dataset;
  }
}

function rowsOf({ values, shape }: FakeDataset, from: number, to: number): NumericArray {
  const width = (shape ?? []).slice(1).reduce((product, size) => product * size, 1);
  return values.slice(from * width, to * width);
}
