import { Gatherer, groupRuns, RowArena, RUN_STRIDE, RunBuilder, type ParentVerdict, type RowBlock, type Runs } from '../../src/aggregate/index.js';
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
