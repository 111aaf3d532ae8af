import { deflateSync } from 'node:zlib';
import { nodeCodecs } from '../../src/hdf5/codecs.node.js';
import { fletcher32, hasChecksum } from '../../src/hdf5/fletcher32.js';
import { portableChunkCodecs } from '../../src/hdf5/index.js';
import { unLzf } from '../../src/hdf5/lzf.js';
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

test('lzf: what h5py packs comes out; what is cut, longer, shorter or bent is refused, or as long as it should be', () => {
  const lengths = [40, 264, 300, 9000, 70_000];
  const bytes = lengths.map(length => Uint8Array.from({ length }, (_, i) => (next() < 0.2 ? next() * 256 : i >> 6)));
  const program = `import sys, json, base64\nimport h5py, numpy as np\ndata = np.frombuffer(sys.stdin.buffer.read(), "u1")\nout, at = [], 0\nwith h5py.File("m", "w", driver="core", backing_store=False) as f:\n    for i, n in enumerate(json.loads(sys.argv[1])):\n        d = f.create_dataset(str(i), data=data[at:at + n], chunks=(n,), compression="lzf")\n        at += n\n        f.flush()\n        mask, packed = d.id.read_direct_chunk((0,))\n        assert mask == 0\n        out.append(base64.b64encode(packed).decode())\nprint(json.dumps(out))`;
  const packed = judgeJson<string[]>(program, [JSON.stringify(lengths)], Buffer.concat(bytes)).map(text => new Uint8Array(Buffer.from(text, 'base64')));
  packed.forEach((one, i) => {
    const length = lengths[i]!;
    expect(Buffer.compare(unLzf(one, length), bytes[i]!)).toBe(0);
    for (const wrong of [0, length - 1, length + 1]) expect(() => unLzf(one, wrong)).toThrow(RangeError);
    for (const cut of [0, 1, one.length >> 1, one.length - 1]) expect(() => unLzf(one.subarray(0, cut), length)).toThrow(RangeError);
    for (let round = 0; round < 100; round++) {
      const bent = one.slice();
      bent[Math.floor(next() * bent.length)] = next() * 256;
      let found: Uint8Array | undefined;
      try {
        found = unLzf(bent, length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      if (found) expect(found).toHaveLength(length);
    }
  });
});
