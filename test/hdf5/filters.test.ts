import { deflateSync } from 'node:zlib';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { fletcher32, hasChecksum } from '../../src/hdf5/fletcher32.js';
import { portableChunkCodecs } from '../../src/hdf5/index.js';
import { unshuffle } from '../../src/hdf5/shuffle.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';

const next = randomFrom(11);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(next() * 256));

test.each([['zlib', nodeCodecs], ['pages', portableChunkCodecs]])('%s: inflates what zlib deflates; refuses what is longer, cut or changed', (_, codecs) => {
  const inflate = (bytes: Uint8Array, sizeBytes: number): Uint8Array => codecs.inflate(bytes, sizeBytes);
  for (const length of [0, 1, 63, 64, 65, 5552, 80_000]) {
    const bytes = length === 80_000 ? new Uint8Array(length).map((_, i) => i >> 9) : noise(length);
    const deflated = deflateSync(bytes);
    expect(Buffer.compare(inflate(deflated, length), bytes)).toBe(0);
    expect(inflate(deflated, length + 100)).toHaveLength(length);
    if (length > 1) expect(() => inflate(deflated, length - 1)).toThrow();
    expect(() => inflate(deflated.subarray(0, deflated.length - 5), length)).toThrow();
    const changed = deflated.slice();
    changed[deflated.length - 1]! ^= 1;
    expect(() => inflate(changed, length)).toThrow();
  }
  expect(() => inflate(deflateSync(new Uint8Array(50_000_000)), 1000)).toThrow();
});

test.each([1, 2, 3, 4, 8, 16])('unshuffle of %s-byte values puts every byte back, odd ends included', size => {
  for (const count of [0, 1, 2, 5, 1000]) {
    for (const rest of size === 1 ? [0] : [0, 1]) {
      const bytes = noise(count * size + rest);
      const shuffled = shuffle(bytes, size);
      expect(Buffer.compare(unshuffle(shuffled, size), bytes)).toBe(0);
    }
  }
});

/** The filter as the format describes it: byte k of value i goes to place k * count + i; what is left stays. */
function shuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  const out = bytes.slice();
  for (let i = 0; i < count; i++) for (let k = 0; k < size; k++) out[k * count + i] = bytes[i * size + k]!;
  return out;
}

test('fletcher32 is what the HDF5 library stores after a chunk, for any length', () => {
  const lengths = [1, 2, 3, 4, 5, 719, 720, 721, 1441, 10_001];
  const chunks = lengths.map(length => ({ length, bytes: noise(length) }));
  const program = `import sys, json, tempfile, os\nimport h5py, numpy as np\ndata = np.frombuffer(sys.stdin.buffer.read(), "u1")\nout, at = [], 0\nwith h5py.File("m", "w", driver="core", backing_store=False) as f:\n    for i, n in enumerate(json.loads(sys.argv[1])):\n        d = f.create_dataset(str(i), data=data[at:at + n], chunks=(n,), fletcher32=True)\n        at += n\n        f.flush()\n        out.append(list(d.id.read_direct_chunk((0,))[1][-4:]))\nprint(json.dumps(out))`;
  const stored = judgeJson<number[][]>(program, [JSON.stringify(lengths)], Buffer.concat(chunks.map(({ bytes }) => bytes)));
  chunks.forEach(({ bytes }, i) => {
    expect(new Uint8Array(new Uint32Array([fletcher32(bytes)]).buffer)).toEqual(Uint8Array.from(stored[i]!));
    expect(hasChecksum(bytes, Uint8Array.from(stored[i]!))).toBe(true);
    expect(hasChecksum(bytes, Uint8Array.from(stored[i]!, (byte, k) => (k === 2 ? byte ^ 1 : byte)))).toBe(false);
  });
});
