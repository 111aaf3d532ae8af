import { GatheredColumns, Gatherer, groupRuns, RangeGatherer, RowArena, RUN_STRIDE, RunBuilder, type ParentVerdict, type RowBlock, type RowPart, type Runs } from '../../src/aggregate/index.js';
import { childIndex, nestedNumber } from '../../src/grid/index.js';
import { randomFrom } from '../random.js';

const ORDER = 4;
const PARENT = 2;
const CELLS = 4 ** (ORDER - PARENT);
const plain = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);

interface Row {
  readonly face: number;
  readonly x: number;
  readonly y: number;
  readonly keep: boolean;
  readonly value: number;
}

/** Rows that stay in a cell for a while, as along a track, or jump about. */
function makeRows(count: number, stay: number, random: () => number): Row[] {
  const side = 2 ** ORDER;
  const rows: Row[] = [];
  let cell = { face: 0, x: 0, y: 0 };
  for (let i = 0; i < count; i++) {
    if (random() > stay) cell = { face: Math.floor(random() * 4) - 1, x: Math.floor(random() * side), y: Math.floor(random() * side) };
    rows.push({ ...cell, keep: random() > 0.2, value: i + random() });
  }
  return rows;
}

const parentOf = ({ face, x, y }: Row): number => nestedNumber(face, x >> (ORDER - PARENT), y >> (ORDER - PARENT), PARENT);
const childOf = ({ x, y }: Row): number => childIndex(x, y, ORDER - PARENT);

function build(rows: readonly Row[], verdictOf: (parent: number) => ParentVerdict, chunk: number): { block: RowBlock; outside: number } {
  const builder = new RunBuilder(ORDER, PARENT, verdictOf);
  const values: number[] = [];
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.slice(from, from + chunk);
    const kept = new Int32Array(part.length);
    const cells = { face: Int32Array.from(part, r => r.face), x: Int32Array.from(part, r => r.x), y: Int32Array.from(part, r => r.y) };
    const taken = builder.append(cells, Uint8Array.from(part, r => (r.keep ? 1 : 0)), part.length, kept);
    for (let k = 0; k < taken; k++) values.push(part[kept[k]!]!.value);
  }
  expect(builder.rows).toBe(values.length);
  const block = { task: 0, rows: builder.rows, columns: [Float64Array.from(values)], missing: [undefined], runs: builder.finish(new RowArena(plain, 1024)) };
  return { block, outside: builder.outside };
}

/** Parent -> child -> values in row order, the plain way. */
function expected(rows: readonly Row[]): Map<number, Map<number, number[]>> {
  const out = new Map<number, Map<number, number[]>>();
  for (const row of rows) {
    if (row.face < 0 || !row.keep) continue;
    const cells = out.get(parentOf(row)) ?? new Map<number, number[]>();
    out.set(parentOf(row), cells);
    cells.set(childOf(row), [...(cells.get(childOf(row)) ?? []), row.value]);
  }
  return out;
}

function gathered(blocks: readonly RowBlock[], parents: readonly number[]): Map<number, Map<number, number[]>> {
  const grouped = groupRuns(blocks, parents.length, new Map(parents.map((p, i) => [p, i])), plain);
  const gatherer = new Gatherer(CELLS);
  const out = new Map<number, Map<number, number[]>>();
  parents.forEach((parent, place) => {
    const { first, columns } = gatherer.gather(place, grouped, blocks, [0], 1);
    const cells = new Map<number, number[]>();
    for (let c = 0; c < CELLS; c++) if (first[c]! < first[c + 1]!) cells.set(c, Array.from(columns[0]!.subarray(first[c], first[c + 1])));
    if (cells.size > 0) out.set(parent, cells);
  });
  return out;
}

const sortedParents = (runs: readonly Runs[]): number[] => [...new Set(runs.flatMap(r => [...r.parents]))].sort((a, b) => a - b);

describe.each([
  ['along a track', 0.95],
  ['shuffled', 0]
])('rows %s', (_, stay) => {
  test.each([1, 7, 1000])('come back by cell, in their order, in chunks of %d', chunk => {
    const rows = makeRows(1000, stay, randomFrom(chunk));
    const { block } = build(rows, () => 'keep', chunk);
    expect(gathered([block], sortedParents([block.runs]))).toEqual(expected(rows));
  });

  test('the parents of rejected rows are noted, those of rows without position are not', () => {
    const rows = makeRows(400, stay, randomFrom(5)).map(row => ({ ...row, keep: false }));
    const { block } = build(rows, () => 'keep', 50);
    expect(block.rows).toBe(0);
    expect(block.runs.data).toHaveLength(0);
    expect(sortedParents([block.runs])).toEqual([...new Set(rows.filter(r => r.face >= 0).map(parentOf))].sort((a, b) => a - b));
  });

  test('rows of unplanned parents are left out and counted, those of parents not asked for only left out', () => {
    const rows = makeRows(1000, stay, randomFrom(9));
    const verdict = (parent: number): ParentVerdict => (parent % 3 === 0 ? 'keep' : parent % 3 === 1 ? 'outside' : 'skip');
    const { block, outside } = build(rows, verdict, 64);
    expect(outside).toBe(rows.filter(r => r.face >= 0 && r.keep && parentOf(r) % 3 === 1).length);
    expect(gathered([block], sortedParents([block.runs]))).toEqual(expected(rows.filter(r => r.face >= 0 && parentOf(r) % 3 === 0)));
  });
});

test('a run is as long as its rows stay in the cell, rejected rows between them or not', () => {
  const cell = { face: 1, x: 3, y: 5 };
  const rows = [true, false, true, true].map((keep, value) => ({ ...cell, keep, value }));
  const { block } = build(rows, () => 'keep', 2);
  expect(block.runs.data).toEqual(Int32Array.of(0, childIndex(3, 5, ORDER - PARENT), 0, 3));
  expect(block.runs.data.length % RUN_STRIDE).toBe(0);
});

test('rows of several blocks stand in the order of the blocks', () => {
  const random = randomFrom(3);
  const parts = [0, 1, 2].map(() => makeRows(300, 0.8, random));
  const blocks = parts.map(rows => build(rows, () => 'keep', 100).block);
  expect(gathered(blocks, sortedParents(blocks.map(b => b.runs)))).toEqual(expected(parts.flat()));
});

test('parents without a place are left out', () => {
  const rows = makeRows(300, 0.8, randomFrom(4));
  const { block } = build(rows, () => 'keep', 300);
  const [one] = sortedParents([block.runs]);
  expect([...gathered([block], [one!]).keys()]).toEqual([one]);
});

test('missing rows keep their places; float32 and float64 blocks come together as float64', () => {
  const runs = (rows: number): Runs => ({ parents: Float64Array.of(7), data: Int32Array.of(0, 2, 0, rows) });
  const blocks: RowBlock[] = [
    { task: 0, rows: 2, columns: [Float32Array.of(1.5, 2.5)], missing: [Uint8Array.of(0, 1)], runs: runs(2) },
    { task: 1, rows: 1, columns: [Float64Array.of(0.1)], missing: [undefined], runs: runs(1) }
  ];
  const grouped = groupRuns(blocks, 1, new Map([[7, 0]]), plain);
  const { columns, missing, first } = new Gatherer(4).gather(0, grouped, blocks, [0], 1);
  expect(Array.from(first)).toEqual([0, 0, 0, 3, 3]);
  expect(Array.from(columns[0]!.subarray(0, 3))).toEqual([1.5, 2.5, 0.1]);
  expect(Array.from(missing[0]!.subarray(0, 3))).toEqual([0, 1, 0]);
});

test('a gatherer forgets the rows and gaps of the parent before', () => {
  const block: RowBlock = {
    task: 0, rows: 3, columns: [Float32Array.of(1, 2, 3)], missing: [Uint8Array.of(1, 0, 0)],
    runs: { parents: Float64Array.of(5, 6), data: Int32Array.of(0, 0, 0, 2, 1, 3, 2, 1) }
  };
  const grouped = groupRuns([block], 2, new Map([[5, 0], [6, 1]]), plain);
  const gatherer = new Gatherer(4);
  expect(gatherer.gather(0, grouped, [block], [0], 1).missing[0]).toBeDefined();
  const second = gatherer.gather(1, grouped, [block], [0], 1);
  expect(second.missing[0]).toBeUndefined();
  expect(Array.from(second.first)).toEqual([0, 0, 0, 0, 1]);
  expect(second.columns[0]![0]).toBe(3);
});

test('a builder that is cut gives the same rows in several blocks, whose rows count from 0', () => {
  const rows = makeRows(600, 0.9, randomFrom(6));
  const memory = new RowArena(plain, 1024);
  const builder = new RunBuilder(ORDER, PARENT, () => 'keep');
  const blocks: RowBlock[] = [];
  for (let from = 0; from < rows.length; from += 75) {
    const part = rows.slice(from, from + 75);
    const kept = new Int32Array(part.length);
    const cells = { face: Int32Array.from(part, r => r.face), x: Int32Array.from(part, r => r.x), y: Int32Array.from(part, r => r.y) };
    const taken = builder.append(cells, Uint8Array.from(part, r => (r.keep ? 1 : 0)), part.length, kept);
    const values = Float64Array.from(kept.subarray(0, taken), i => part[i]!.value);
    expect(builder.rows).toBe(taken);
    blocks.push({ task: 0, rows: taken, columns: [values], missing: [undefined], runs: builder.cut(memory) });
  }
  expect(gathered(blocks, sortedParents(blocks.map(b => b.runs)))).toEqual(expected(rows));
});

describe('an arena', () => {
  test('gives arrays that do not overlap, aligned, and the same memory again after a reset', () => {
    const slabs: ArrayBuffer[] = [];
    const arena = new RowArena(bytes => (slabs.push(new ArrayBuffer(bytes)), slabs.at(-1)!), 64);
    const fill = (): (Float32Array | Float64Array | Int32Array | Uint8Array)[] => {
      const arrays = [arena.float32(3), arena.float64(2), arena.zeros(5), arena.int32(1), arena.float64(20), arena.zeros(0), arena.float32(7)];
      expect(Array.from(arrays[2]!)).toEqual([0, 0, 0, 0, 0]);
      arrays.forEach((array, i) => array.fill(i + 1));
      arrays.forEach((array, i) => expect(new Set(array)).toEqual(new Set(array.length > 0 ? [i + 1] : [])));
      return arrays;
    };
    const first = fill();
    expect(arena.usedBytes).toBeGreaterThanOrEqual(first.reduce((sum, array) => sum + array.byteLength, 0));
    const made = slabs.length;
    arena.reset();
    expect(arena.usedBytes).toBe(0);
    const second = fill();
    expect(slabs).toHaveLength(made);
    expect(second.map(array => array.buffer)).toEqual(first.map(array => array.buffer));
  });
});

describe('a parent range by range', () => {
  const random = randomFrom(8);
  const parts = [0, 1, 2].map(() => makeRows(400, 0.7, random));
  const blocks = parts.map((rows, task) => {
    const { block } = build(rows, () => 'keep', 100);
    const missing = task === 1 ? Uint8Array.from({ length: block.rows }, (_, i) => (i % 17 === 0 ? 1 : 0)) : undefined;
    return { ...block, task, missing: [missing] };
  });
  const parents = sortedParents(blocks.map(b => b.runs));
  const grouped = groupRuns(blocks, parents.length, new Map(parents.map((p, i) => [p, i])), plain);
  const rowParts = (place: number): RowPart[] => [{ data: grouped.data, from: RUN_STRIDE * grouped.start[place]!, to: RUN_STRIDE * grouped.start[place + 1]!, blocks }];

  test.each([0, 2, 4])('has the rows, in the order and with the gaps, of the parent at once; cells coarser by %d bits', shift => {
    const cells = CELLS >> shift;
    const whole = new Gatherer(cells, undefined, shift);
    const ranges = new RangeGatherer(new GatheredColumns());
    parents.forEach((_, place) => {
      const all = whole.gather(place, grouped, blocks, [0], 1);
      const counts = ranges.count(rowParts(place), cells, shift);
      expect(counts.rows).toBe(all.first[cells]);
      for (const mostRows of [1, 7, 50, Infinity]) {
        let next = 0;
        for (const range of ranges.ranges(mostRows)) {
          expect(range.from).toBe(next);
          next = range.to;
          const { first, columns, missing } = ranges.gather(rowParts(place), range, [0], [false]);
          const rows = first[range.to - range.from]!;
          expect(rows <= mostRows || range.to - range.from === 1).toBe(true);
          const base = all.first[range.from]!;
          for (let c = 0; c <= range.to - range.from; c++) expect(first[c]).toBe(all.first[range.from + c]! - base);
          expect(columns[0]!.subarray(0, rows)).toEqual(all.columns[0]!.subarray(base, base + rows));
          const mask = missing[0]?.subarray(0, rows) ?? new Uint8Array(rows);
          expect(mask).toEqual(all.missing[0]?.subarray(base, base + rows) ?? new Uint8Array(rows));
          expect(missing[0] !== undefined).toBe(mask.includes(1));
        }
        expect(next).toBe(cells);
      }
    });
  });

  test('more rows in a cell than 32 bits count are refused by name', () => {
    const huge: RowPart = { data: Int32Array.of(0, 0, 0, 2 ** 30, 0, 0, 0, 2 ** 30), from: 0, to: 8, blocks };
    const ranges = new RangeGatherer(new GatheredColumns());
    ranges.count([huge], 4, 0);
    expect(() => ranges.gather([huge], { from: 0, to: 1 }, [0], [false])).toThrow(/at most 2147483647 rows in one cell, found 2147483648/);
  });
});
