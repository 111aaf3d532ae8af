import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { lookup3 } from '../../src/hdf5/lookup3.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { readBent, slowest } from './bend.js';
import { openFile } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const made = judgeJson<string[]>('hdf5/make_hostile.py', [folder]);
const bases = made.slice(0, 3).map(path => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) }));
const PATHS = ['rows', 'grows', 'fixed', 'tiles', 'plain_tiles', 'contiguous'].map(name => `/g/${name}`).concat('/links/name_7', '/soft/rows');

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
const peakBefore = process.resourceUsage().maxRSS;
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** Places of a signature. */
function places(bytes: Uint8Array, signature: string): number[] {
  const found: number[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf(signature); at >= 0; at = buffer.indexOf(signature, at + 1)) found.push(at);
  return found;
}

/** Bytes of the structures with a checksum behind them, by what can be known without parsing: fixed sizes. */
const SUMMED: Readonly<Record<string, number>> = { FAHD: 24, EAHD: 68, BTHD: 34, FRHP: 142 };

/** A copy with one number changed, and the checksum made to fit where its place is known. */
function bent(bytes: Uint8Array, start: number, field: number, width: number, value: bigint, sumAt: number | undefined): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  if (width === 8) view.setBigUint64(start + field, value, true);
  else view.setUint16(start + field, Number(value), true);
  if (sumAt !== undefined) view.setUint32(sumAt, lookup3(out.subarray(start, sumAt)), true);
  return out;
}

/** Where the checksum of the structure at `start` stands: the first place at which it fits. */
function sumPlace(bytes: Uint8Array, signature: string, start: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const known = SUMMED[signature];
  for (let at = start + (known ?? 8); at < Math.min(bytes.length - 4, start + (known ?? 3000)) + 1; at++) {
    if (view.getUint32(at, true) === lookup3(bytes.subarray(start, at))) return at;
  }
  return undefined;
}

const SIGNATURES = ['TREE', 'SNOD', 'HEAP', 'GCOL', 'OHDR', 'OCHK', 'BTHD', 'BTIN', 'BTLF', 'FRHP', 'FHIB', 'FADB', 'FAHD', 'EAHD', 'EAIB', 'EASB', 'EADB'];

// The structures of the file in the middle are those of the last.
test.each([bases[0]!, bases[2]!].map(base => [base.name, base.bytes] as const))('%s: every address and size in every structure, bent outside, to itself, to others and to exabytes', async (name, bytes) => {
  const whole = await readBent(name, bytes, PATHS);
  expect([...whole.values()]).not.toContain(undefined);
  let cases = 0;
  let refused = 0;
  const view = new DataView(bytes.buffer);
  for (const signature of SIGNATURES) {
    const all = places(bytes, signature);
    for (const start of new Set([all[0], all[all.length >> 1]])) {
      if (start === undefined) continue;
      const sumAt = /TREE|SNOD|HEAP|GCOL/.test(signature) ? undefined : sumPlace(bytes, signature, start);
      for (let field = 4; field < 72 && start + field + 8 < bytes.length; field++) {
        const old = view.getBigUint64(start + field, true);
        if (old === 0n || (old > BigInt(2 * bytes.length) && old !== 2n ** 64n - 1n)) continue;
        for (const value of [BigInt(start), BigInt(all.at(-1)!), [BigInt(bytes.length - 3), 2n ** 40n, 2n ** 62n][field % 3]!]) {
          const found = await readBent(name, bent(bytes, start, field, 8, value, sumAt), PATHS);
          cases++;
          if ([...found.values()].includes(undefined)) refused++;
        }
      }
      for (let field = 4; field < 40; field += 3) await readBent(name, bent(bytes, start, field, 2, 0xffffn, sumAt), PATHS);
    }
  }
  expect(cases).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(cases / 4);
}, 60_000);

test.each(bases.map(base => [base.name, base.bytes] as const))('%s: shapes and chunks of exabytes are refused before anything is allocated', async (name, bytes) => {
  const view = new DataView(bytes.buffer);
  let cases = 0;
  for (let at = 0; at + 8 < bytes.length; at++) {
    const old = view.getBigUint64(at, true);
    // Sizes of dimensions; sizes of chunks, of 4 bytes in old layouts.
    const isDimension = [1000n, 902n, 1101n, 60n, 40n, 77n].includes(old);
    if (!isDimension || cases > 60) continue;
    for (const value of [2n ** 32n, 2n ** 44n, 2n ** 52n, 2n ** 63n]) {
      cases++;
      await readBent(name, bent(bytes, at, 0, 8, value, undefined), PATHS);
    }
  }
  expect(cases).toBeGreaterThan(20);
}, 30_000);

test('a thousand nested groups are walked, and their bottom is found', async () => {
  const file = await openFile(made[3]!);
  const nodes = await file.walk('/');
  expect(nodes).toHaveLength(1001);
  const bottom = nodes.at(-1)!.path;
  expect(bottom.split('/')).toHaveLength(1002);
  expect(await file.exists([bottom, `${bottom}/no`])).toEqual([true, false]);
  const [dataset] = await file.datasets([bottom]);
  expect(dataset).toMatchObject({ shape: [5] });
  expect(await file.exists(['/deepest/bottom'])).toEqual([true]);
  await file.close();
});

const granulePath = resolve(__dirname, '../../examples/greenland', 'processed_ATL06_20190625191102_13520305_002_01.h5');
const granule = new Uint8Array(readFileSync(granulePath));
const GRANULE_PATHS = ['h_li', 'latitude', 'atl06_quality_summary'].map(name => `/gt2l/land_ice_segments/${name}`);

/** Flips, a cut, or a piece of another file or place put in. */
function mutated(bytes: Uint8Array, next: () => number, near: number): Uint8Array {
  const out = bytes.slice();
  const somewhere = (): number => Math.floor(next() * (next() < 0.7 ? Math.min(near, out.length) : out.length));
  const kind = next();
  if (kind < 0.15) return out.subarray(0, Math.floor(next() * out.length));
  if (kind < 0.35) {
    const from = next() < 0.5 ? bytes : bases[Math.floor(next() * bases.length)]!.bytes;
    const start = Math.floor(next() * from.length);
    const piece = from.subarray(start, start + 1 + Math.floor(next() * 600));
    const at = Math.floor(next() * Math.max(1, Math.min(near, out.length) - piece.length));
    out.set(piece.subarray(0, out.length - at), at);
    return out;
  }
  for (let k = 1 + Math.floor(next() * 8); k > 0; k--) out[somewhere()] = next() < 0.25 ? 255 : Math.floor(next() * 256);
  return out;
}

test.each([
  ...bases.map(({ name, bytes }, i) => ({ name, bytes, paths: PATHS, rounds: 130, near: bytes.length, seed: i })),
  { name: 'granule.h5', bytes: granule, paths: GRANULE_PATHS, rounds: 110, near: 300_000, seed: 9 }
])('$name: $rounds mutations end in values or in a MaggError that names the file', async ({ name, bytes, paths, rounds, near, seed }) => {
  const next = randomFrom(seed + 100);
  let refused = 0;
  for (let round = 0; round < rounds; round++) if ([...(await readBent(name, mutated(bytes, next, near), paths)).values()].includes(undefined)) refused++;
  expect(refused).toBeGreaterThan(rounds / 4);
}, 60_000);

test('where structures have checksums, nothing but a change of the data itself changes values without a word', async () => {
  const { name, bytes } = bases[2]!;
  const whole = await readBent(name, bytes, PATHS);
  const next = randomFrom(77);
  const file = await openFile(made[2]!);
  await file.datasets(PATHS);
  const data = file.savedIndex().datasets.flatMap(({ storage, shape }) => {
    if (storage.kind === 'contiguous') return [{ offset: storage.offset, length: shape[0]! * 4 }];
    if (storage.kind !== 'listed') return [];
    let end = 0;
    return storage.gaps.map((gap, i) => {
      const offset = end + gap;
      end = offset + storage.lengths[i]!;
      return { offset, length: storage.lengths[i]! };
    });
  });
  await file.close();
  const isData = new Uint8Array(bytes.length);
  for (const { offset, length } of data) isData.fill(1, offset, offset + length);
  let seen = 0;
  for (let round = 0; round < 400; round++) {
    const at = Math.floor(next() * bytes.length);
    if (isData[at]) continue;
    const out = bytes.slice();
    out[at]! ^= 1 << Math.floor(next() * 8);
    const found = await readBent(name, out, PATHS);
    for (const path of PATHS) if (found.get('open') !== undefined && found.get(path) !== undefined) expect([at, path, found.get(path)]).toEqual([at, path, whole.get(path)]);
    if ([...found.values()].includes(undefined)) seen++;
  }
  expect(seen).toBeGreaterThan(50);
}, 60_000);

test('none of all that took five seconds, a gigabyte, or left a rejection unhandled', async () => {
  await new Promise(resolve => setImmediate(resolve));
  expect(rejections).toEqual([]);
  expect(slowest.seconds).toBeLessThan(5);
  expect(process.resourceUsage().maxRSS - peakBefore).toBeLessThan(1_000_000);
});
