import { cpuSeconds } from '../cpu-seconds.js';
import { MaggError } from '../../src/base/index.js';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { openHdf5, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { memorySource } from '../../src/io/index.js';
import { library } from './library.js';

const TAGS = new Set(['damaged-file', 'damaged-chunk', 'not-hdf5', 'unsupported', 'not-numeric', 'not-a-dataset', 'not-found', 'truncated']);
const MAX_CHUNKS = 10;

/** The seconds of computing that the slowest of all readings took. */
export const slowest = { seconds: 0 };

/**
 * Reads all there is in a damaged file: the values of each dataset by name where it was read, undefined where a MaggError
 * that names the file was thrown. Anything else that is thrown comes out.
 */
export async function readBent(name: string, bytes: Uint8Array, paths: readonly string[]): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>();
  const start = cpuSeconds();
  const attempt = async (what: string, read: () => Promise<string>): Promise<void> => {
    try {
      found.set(what, await read());
    } catch (error) {
      if (!(error instanceof MaggError) || !TAGS.has(error.tag) || !error.message.includes(name)) throw error;
      found.set(what, undefined);
    }
  };
  await attempt('open', async () => {
    const file = await openHdf5(memorySource(name, bytes), { codecs: nodeCodecs, fallback: library });
    for (const path of paths) {
      await attempt(path, async () => {
        const [dataset] = await file.datasets([path]);
        if (!dataset) return 'absent';
        return `${dataset.type} ${dataset.shape.join('x')} ${String(dataset.fillValue)} ${(await values(file, dataset)).join('\n')}`;
      });
    }
    await attempt('walk', async () => (await file.walk('/')).map(node => node.path).join('\n'));
    await attempt('attributes', async () => Object.entries(await file.attributes(paths[0]!)).join('\n'));
    await file.close();
    return 'opened';
  });
  slowest.seconds = Math.max(slowest.seconds, cpuSeconds() - start);
  return found;
}

async function values(file: { readChunks: (requests: { dataset: Hdf5Dataset; chunk: number }[]) => Promise<readonly Parameters<Hdf5Dataset['decode']>[1][]> }, dataset: Hdf5Dataset): Promise<string[]> {
  const chunks = Array.from({ length: Math.min(dataset.chunkCount, MAX_CHUNKS) }, (_, chunk) => ({ dataset, chunk }));
  const raws = await file.readChunks(chunks);
  return raws.map((raw, chunk) => {
    const decoded = dataset.decode(chunk, raw);
    // What a file claims may be long: its beginning and end tell enough.
    return `${decoded.length}: ${decoded.subarray(0, 100).join()} ${decoded.subarray(-100).join()}`;
  });
}
