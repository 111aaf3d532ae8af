import { createHash } from 'node:crypto';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type ChunkCodecs, type Hdf5Dataset, type Hdf5File } from '../../src/hdf5/index.js';
import type { InnerFile } from '../../src/hdf5/indexed-file.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { createReadBuffer, type RangeSource } from '../../src/io/index.js';
import { library } from './library.js';

/** What digests.py says of a dataset; `type` null means: not of numbers. */
export interface Digest {
  readonly shape: readonly number[];
  readonly type: string | null;
  readonly sha256?: string;
  readonly fill?: string;
}

export const openFile = (path: string, codecs: ChunkCodecs = nodeCodecs): Promise<Hdf5File> => openHdf5(fileSource(path), { codecs, fallback: library });

/** sha256 of all values of datasets, in file order, as little-endian bytes; all chunks come in one call, through one buffer. */
export async function digests(file: InnerFile, datasets: readonly Hdf5Dataset[]): Promise<string[]> {
  const requests = datasets.flatMap(dataset => Array.from({ length: dataset.chunkCount }, (_, chunk) => ({ dataset, chunk })));
  const raws = await file.readChunks(requests, { into: createReadBuffer() });
  const hashes = new Map(datasets.map(dataset => [dataset, createHash('sha256')]));
  requests.forEach(({ dataset, chunk }, i) => {
    const { buffer, byteOffset, byteLength } = dataset.decode(chunk, raws[i]!);
    hashes.get(dataset)!.update(new Uint8Array(buffer, byteOffset, byteLength));
  });
  return datasets.map(dataset => hashes.get(dataset)!.digest('hex'));
}

/** A source that notes what is read of another. */
export function recording(source: RangeSource): RangeSource & { readonly rounds: { readonly requests: number; readonly bytes: number }[] } {
  const rounds: { requests: number; bytes: number }[] = [];
  return {
    rounds,
    name: source.name,
    size: options => source.size(options),
    tag: options => source.tag(options),
    expect: (before, options) => source.expect(before, options),
    close: () => source.close(),
    read: (ranges, options) => {
      rounds.push({ requests: ranges.length, bytes: ranges.reduce((sum, { length }) => sum + length, 0) });
      return source.read(ranges, options);
    }
  };
}
