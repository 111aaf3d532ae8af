import { MaggError } from '../../src/base/index.js';
import { PlaceRecorder } from '../../src/runner/local/group-places.js';
import { Track, TrackScratch, TrackRecorder, type SavedTrack } from '../../src/runner/local/track.js';
import { TrackReader, TrackWriter } from '../../src/runner/local/track-text.js';
import { randomFrom } from '../random.js';

interface Cell {
  readonly face: number;
  readonly x: number;
  readonly y: number;
}

const LOST: Cell = { face: -1, x: 7, y: 7 };
const random = randomFrom(29);
const whole = (below: number): number => Math.floor(random() * below);

/** Rows that go through neighbouring cells, jump, and are lost now and then. */
function rowsOf(order: number, runs: number, share: number): Cell[] {
  const top = 2 ** order - 1;
  const rows: Cell[] = [];
  let cell: Cell = { face: whole(12), x: whole(top + 1), y: whole(top + 1) };
  for (let run = 0; run < runs; run++) {
    const near = (at: number): number => Math.min(top, Math.max(0, at + whole(3) - 1));
    cell = random() < 0.1 ? { face: whole(12), x: whole(top + 1), y: whole(top + 1) } : { face: cell.face, x: near(cell.x), y: near(cell.y) };
    const one = random() < share ? LOST : cell;
    for (let i = 4 + whole(random() < 0.1 ? 3000 : 40); i > 0; i--) rows.push(one);
  }
  return rows;
}

function save(rows: readonly Cell[]): SavedTrack {
  const recorder = new TrackRecorder(rows.length);
  for (let from = 0; from < rows.length; ) {
    // Runs may come in pieces, as they do at the end of a window.
    let count = 1;
    while (from + count < rows.length && rows[from + count] === rows[from] && random() < 0.99) count++;
    const { face, x, y } = rows[from]!;
    recorder.add(face, x, y, from, count);
    from += count;
  }
  return recorder.finish('k');
}

const scratch = (count: number): { face: Int32Array; x: Int32Array; y: Int32Array } => ({ face: new Int32Array(count), x: new Int32Array(count), y: new Int32Array(count) });

test('numbers as text: those below 2^35, nothing else', () => {
  const numbers = [0, 1, 31, 32, 33, 1023, 1024, 2 ** 31 - 1, 2 ** 35 - 1, ...Array.from({ length: 500 }, () => whole(2 ** whole(35)))];
  const writer = new TrackWriter();
  for (const number of numbers) writer.add(number);
  const text = writer.text();
  expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  const reader = new TrackReader(text);
  expect(numbers.map(() => reader.next())).toEqual(numbers);
  expect(reader.isAtEnd).toBe(true);
  expect(reader.next()).toBe(-1);
  // The alphabet of RFC 4648, section 5: its digits 0, 26, 31, then 32 + 30 and 1.
  for (const [given, value] of [['A', 0], ['a', 26], ['f', 31], ['-B', 62], ['-', -1], ['-------A', -1], ['+', -1], ['=', -1], ['é', -1], ['漢', -1], ['', -1]] as const) expect([given, new TrackReader(given).next()]).toEqual([given, value]);
});

test.each([[0, 0], [4, 0], [12, 0.2], [24, 0.05], [29, 0.3]])('at order %i, with a share of %d lost: every window has the cells that were recorded', (order, share) => {
  for (const runs of [1, 2, 300]) {
    const rows = rowsOf(order, runs, share);
    const saved = save(rows);
    // In the memory of a longer one.
    const room = new TrackScratch();
    room.reserve(5).ends.fill(-1);
    let track = Track.open('g.h5', saved, order, { scratch: room })!;
    expect(track).toBeDefined();
    for (let n = 0; n < 400; n++) {
      const until = n < 200 ? rows.length : 1 + whole(rows.length);
      if (n >= 200) track = Track.open('g.h5', saved, order, { scratch: room, until })!;
      const from = whole(until);
      const to = from + 1 + whole(Math.min(until - from, 2 ** whole(14)));
      const some = rows.slice(from, to);
      expect(track.places({ from, to })).toBe(!some.includes(LOST));
      const out = scratch(some.length);
      track.fill({ from, to }, out);
      expect([...out.face]).toEqual(some.map(({ face }) => face));
      if (some.includes(LOST)) continue;
      expect([...out.x]).toEqual(some.map(({ x }) => x));
      expect([...out.y]).toEqual(some.map(({ y }) => y));
    }
  }
});

test('a step to a neighbour takes two letters with a run of up to 32 rows', () => {
  const rows = Array.from({ length: 3200 }, (_, i) => ({ face: 3, x: 1000 + Math.floor(i / 32), y: 2000 - Math.floor(i / 32) }));
  expect(save(rows).runs!.length).toBeLessThan(2 * 100 + 10);
});

test('none is kept where it would not pay, where rows were left out, and of too many runs', () => {
  const cell = { face: 0, x: 0, y: 0 };
  const zigzag = (length: number, run: number): Cell[] => Array.from({ length }, (_, i) => ({ ...cell, x: Math.floor(i / run) % 2 }));
  expect(save(zigzag(400, 4)).runs).not.toBeNull();
  expect(save(zigzag(401, 4)).runs).toBeNull();
  expect(save(zigzag(400, 3)).runs).toBeNull();
  expect(save([cell, cell, cell]).runs).toBeNull();
  for (const spans of [[[1, 9]], [[0, 9]], [[0, 4], [5, 5]], [[5, 5], [0, 5]]]) {
    const recorder = new TrackRecorder(10);
    for (const [from, count] of spans) recorder.add(0, 1, 1, from!, count!);
    expect(recorder.finish('k')).toEqual({ key: 'k', rows: 10, runs: null });
  }
  const [few, many] = [2 ** 18, 2 ** 18 + 1].map(runs => {
    const recorder = new TrackRecorder(runs * 8);
    for (let run = 0; run < runs; run++) recorder.add(0, run & 1, 0, run * 8, 8);
    return recorder.finish('k');
  });
  expect(Track.open('g', few!, 1, { scratch: new TrackScratch() })).toBeDefined();
  expect(many!.runs).toBeNull();
  expect(Track.open('g', many!, 1, { scratch: new TrackScratch() })).toBeUndefined();
});

const numbers = (...values: readonly number[]): string => {
  const writer = new TrackWriter();
  for (const value of values) writer.add(value);
  return writer.text();
};

test.each<[string, string, RegExp]>([
  ['with too few rows', numbers(1, 0, 1, 1, 38), /has 39 of 40 rows/],
  ['with too many', numbers(1, 0, 1, 1, 40), /more than its 40 rows/],
  ['with a run beyond all numbers of rows', numbers(1, 0, 1, 1, 2 ** 35 - 1), /more than its 40 rows/],
  ['with too many runs', numbers(1, 0, 1, 1, 29, ...Array.from({ length: 10 }, () => [6, 0]).flat()), /more than its 40 rows or 10 runs/],
  ['that ends in a run', numbers(1, 0, 1), /is none|in no cell/],
  ['that lacks rows of a run', numbers(1, 0, 1, 1), /run 0 of a track is none/],
  ['with a face that is none', numbers(1, 12, 1, 1, 39), /in no cell of order 2/],
  ['with x beyond the order', numbers(1, 11, 4, 1, 39), /in no cell of order 2/],
  ['with y beyond the order', numbers(1, 11, 1, 4, 39), /in no cell of order 2/],
  ['that steps out of its face', numbers(1, 11, 3, 1, 9, 2 + 6 + 1, 29), /run 1 of a track is in no cell of order 2/],
  ['that steps below zero', numbers(1, 11, 3, 0, 9, 2 + 3 + 0, 29), /run 1 of a track is in no cell of order 2/],
  ['that steps from nowhere', numbers(6, 39), /run 0 of a track is in no cell/],
  ['with a step that is none', numbers(1, 11, 3, 1, 9, 11, 29), /run 1 of a track is none/],
  ['with other letters', `${numbers(1, 0, 1, 1, 38)}*A`, /is none/],
  ['without text', '', /has 0 of 40 rows/],
  ['with far more text than runs', 'A'.repeat(10_000), /written in 10000 letters/]
])('a track %s is refused', (_, runs, message) => {
  expect(Track.open('g.h5', { key: 'k', rows: 40, runs: numbers(1, 0, 1, 1, 39) }, 2, { scratch: new TrackScratch() })).toBeDefined();
  const open = (): unknown => Track.open('g.h5', { key: 'k', rows: 40, runs }, 2, { scratch: new TrackScratch() });
  expect(open).toThrow(MaggError);
  expect(open).toThrow(message);
  expect(open).toThrow(expect.objectContaining({ tag: 'bad-index', context: { granule: 'g.h5' } }) as Error);
});

test('a spoiled track is refused, or has all rows in cells of its order', () => {
  const rows = rowsOf(3, 40, 0.1);
  const { runs } = save(rows);
  let refused = 0;
  for (let n = 0; n < 2000; n++) {
    const at = whole(runs!.length);
    const spoiled = runs!.slice(0, at) + String.fromCharCode(random() < 0.9 ? 45 + whole(78) : whole(65_536)) + runs!.slice(at + whole(3));
    let track: Track | undefined;
    try {
      track = Track.open('g', { key: 'k', rows: rows.length, runs: spoiled }, 3, { scratch: new TrackScratch() });
    } catch (error) {
      expect(error).toMatchObject({ tag: 'bad-index' });
      refused++;
      continue;
    }
    const out = scratch(rows.length);
    track!.fill({ from: 0, to: rows.length }, out);
    expect(out.face.every((face, i) => face === -1 || (face >= 0 && face < 12 && out.x[i]! >= 0 && out.x[i]! < 8 && out.y[i]! >= 0 && out.y[i]! < 8))).toBe(true);
  }
  expect(refused).toBeGreaterThan(500);
});

test('a recorder of places finds for every parent ranges that hold its rows, and the track, however rows are cut into windows', () => {
  const rows = rowsOf(5, 200, 0.1);
  for (const size of [1, 17, 256, rows.length]) {
    const recorder = new PlaceRecorder(5, 2, rows.length);
    for (let from = 0; from < rows.length; from += size) {
      const part = rows.slice(from, from + size);
      recorder.add({ face: Int32Array.from(part, r => r.face), x: Int32Array.from(part, r => r.x), y: Int32Array.from(part, r => r.y) }, { from, to: from + part.length });
    }
    const { places, track } = recorder.finish('k', 't');
    expect(track).toEqual({ ...save(rows), key: 't' });
    const holds = (ranges: readonly number[], row: number): boolean => ranges.some((from, i) => i % 2 === 0 && from <= row && row < ranges[i + 1]!);
    const idOf = ({ face, x, y }: Cell): number => parseInt(face.toString(4) + [2, 1, 0].map(bit => (((x >> 2) >> bit) & 1) + 2 * (((y >> 2) >> bit) & 1)).join('').slice(-2), 4);
    const byParent = new Map(places.parents.map((parent, p) => [parent, places.ranges[p]!]));
    rows.forEach((row, i) => {
      if (i % 7 !== 0 && i !== rows.length - 1) return;
      const ranges = row === LOST ? places.lost : byParent.get(idOf({ ...row, x: row.x >> 1, y: row.y >> 1 }));
      expect(ranges && holds(ranges, i)).toBe(true);
    });
    expect(byParent.size).toBe(new Set(rows.filter(row => row !== LOST).map(row => idOf({ ...row, x: row.x >> 1, y: row.y >> 1 }))).size);
  }
});
