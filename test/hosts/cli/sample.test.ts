import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addIntervals, expandTotal, scaled, studentT, type Interval } from '../../../src/hosts/cli/expand-total.js';
import { sampleCells } from '../../../src/runner/sample-cells.js';
import { judgeJson } from '../../judge.js';
import { randomFrom } from '../../random.js';
import { CONFIG, eventsOf, eventsOfType, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();

interface Estimate {
  readonly type: string;
  readonly cells_sampled: number;
  readonly cells_planned: number;
  readonly granules_planned: number;
  readonly observations: Interval;
  readonly output_bytes: Interval;
  readonly time_s: Interval | null;
  readonly assumptions: readonly string[];
}

const estimateOf = ({ out }: { readonly out: string }): Estimate => JSON.parse(out.trim().split('\n').at(-1)!) as Estimate;

test('a sample, then the rest: the sampled cells are not computed again', async () => {
  const store = join(folder, 'sample.zarr');
  const first = await runMagg(['run', CONFIG, '--store', store, '--sample', '0.4', '--seed', '3', '--json']);
  expect(first.code).toBe(0);
  const estimate = estimateOf(first);
  expect(estimate).toMatchObject({ type: 'sample-estimate', cells_sampled: 3, cells_planned: 7, granules_planned: 8 });
  expect(estimate.time_s!.estimate).toBeGreaterThan(0);
  const sampled = eventsOf(first).flatMap(event => (event.type === 'cell-finished' || event.type === 'cell-empty' ? [event.cell] : []));
  expect(sampled).toHaveLength(3);
  const larger = await runMagg(['run', CONFIG, '--store', store, '--sample', '0.7', '--seed', '3', '--json']);
  expect(eventsOfType(larger, 'cell-current').map(({ cell }) => cell).sort()).toEqual([...sampled].sort());
  expect(estimateOf(larger)).toMatchObject({ cells_sampled: 5 });
  const whole = await runMagg(['run', CONFIG, '--store', store, '--json']);
  expect(eventsOfType(whole, 'cell-current')).toHaveLength(5);
  expect(eventsOfType(whole, 'run-finished')).toMatchObject([{ summary: { outcome: 'complete', totalObs: 22284, cellsCurrent: 5 } }]);
  // All that is known now: the estimate is the truth.
  const all = await runMagg(['run', CONFIG, '--store', store, '--sample', '1', '--json']);
  const bytes = readdirSync(join(store, '12')).filter(name => !['zarr.json', 'cell_ids', 'morton', 'parents'].includes(name))
    .flatMap(name => readdirSync(join(store, '12', name, 'c')).map(chunk => statSync(join(store, '12', name, 'c', chunk)).size)).reduce((a, b) => a + b, 0);
  expect(estimateOf(all)).toMatchObject({ observations: { estimate: 22284, low: 22284, high: 22284 }, output_bytes: { estimate: bytes, low: bytes, high: bytes }, time_s: null });
});

test('for a person; and what it refuses', async () => {
  const { code, out } = await runMagg(['run', CONFIG, '--store', join(folder, 'person.zarr'), '--sample', '0.01']);
  expect(code).toBe(0);
  expect(out).toMatch(/^complete: 1 cell of order 6: [^]*\nsample: 1 of 7 cells \(share 0\.01, seed 0\); the whole will take, with 95 % intervals:\n {2}time of the rest {2}\S+ s \(one cell or granule gives no interval\)\n {2}observations {6}[\d,]+ \(one cell [^]*how: simple expansion [^]*1 cells are few[^]*without --sample computes the rest/);
  for (const share of ['0', '1.5', '-1', 'x', '']) expect((await runMagg(['run', CONFIG, '--sample', share])).code).toBe(2);
  expect((await runMagg(['run', CONFIG, '--sample', '0.5', '--max-cells', '2'])).err).toContain('leave --max-cells and --morton-cell out');
  expect((await runMagg(['run', CONFIG, '--seed', '2'])).err).toContain('only with --sample');
  const dry = JSON.parse((await runMagg(['run', CONFIG, '--store', join(folder, 'dry.zarr'), '--sample', '0.5', '--dry-run', '--json'])).out) as { total_cells: number };
  expect(dry.total_cells).toBe(4);
});

describe('the choice of cells', () => {
  const cells = Array.from({ length: 1000 }, (_, i) => ({ nested: 4 ** 20 + 77 * i }));
  const places = cells.map((_, i) => i);

  test('has the size asked for, depends on the seed and the cell only, grows with the share', () => {
    for (const [share, size] of [[0.01, 10], [0.0001, 1], [0.5, 500], [1, 1000]] as const) expect(sampleCells(cells, places, { share, seed: 1 })).toHaveLength(size);
    const small = sampleCells(cells, places, { share: 0.05, seed: 1 });
    const large = new Set(sampleCells(cells, places, { share: 0.2, seed: 1 }));
    expect(small.every(place => large.has(place))).toBe(true);
    expect(sampleCells(cells, places, { share: 0.05, seed: 2 })).not.toEqual(small);
    const turned = [...cells].reverse();
    expect(sampleCells(turned, places, { share: 0.05, seed: 1 }).map(place => turned[place]!.nested).sort((a, b) => a - b)).toEqual(small.map(place => cells[place]!.nested));
  });

  test('is fair: over many seeds each cell is drawn equally often', () => {
    const drawn = new Float64Array(100);
    for (let seed = 0; seed < 2000; seed++) for (const place of sampleCells(cells.slice(0, 100), places.slice(0, 100), { share: 0.1, seed })) drawn[place]!++;
    // Binomial, 2000 draws of 0.1: six standard deviations are 80.
    for (const count of drawn) expect(Math.abs(count - 200)).toBeLessThan(80);
  });
});

describe('the interval', () => {
  test("Student's t as mpmath has it", () => {
    const dfs = [1, 2, 5, 9, 10, 12, 20, 29, 100, 5000];
    const expected = judgeJson<number[]>('import json, sys\nfrom mpmath import betainc, findroot, mpf\ndef cdf(t, v): return 1 - betainc(mpf(v) / 2, 0.5, 0, v / (v + t * t), regularized=True) / 2\nprint(json.dumps([float(findroot(lambda t: cdf(t, v) - 0.975, 2.2 if v > 2 else 5)) for v in json.load(sys.stdin)]))', [], JSON.stringify(dfs));
    dfs.forEach((df, i) => expect(Math.abs(studentT(df) - expected[i]!)).toBeLessThan(2e-4));
  });

  test('holds the true total about 95 times in 100, for skewed values, with and without the correction mattering', () => {
    const random = randomFrom(5);
    const values = Array.from({ length: 400 }, () => 1000 * -Math.log(1 - random()));
    const total = values.reduce((a, b) => a + b, 0);
    const cells = values.map((_, nested) => ({ nested }));
    for (const share of [0.1, 0.5]) {
      let held = 0, width = 0;
      for (let seed = 0; seed < 600; seed++) {
        const { low, high } = expandTotal(sampleCells(cells, cells.map((_, i) => i), { share, seed }).map(i => values[i]!), values.length);
        if (low! <= total && total <= high!) held++;
        width += (high! - low!) / 600;
      }
      expect(held / 600).toBeGreaterThan(0.9);
      expect(held / 600).toBeLessThan(0.985);
      // For exponential values 2 t sqrt((1 - f) / n): 0.20 and 0.61; without the correction 0.28 for the half.
      expect(width / total).toBeLessThan(share === 0.5 ? 0.22 : 0.65);
    }
  });

  test('one value has none, all values are the total, sums and multiples', () => {
    expect(expandTotal([5], 10)).toEqual({ estimate: 50, low: null, high: null });
    expect(expandTotal([5, 6, 7], 3)).toEqual({ estimate: 18, low: 18, high: 18 });
    expect(expandTotal([], 3)).toEqual({ estimate: 0, low: null, high: null });
    expect(scaled({ estimate: 4, low: 2, high: 6 }, 2, -1)).toEqual({ estimate: 7, low: 3, high: 11 });
    expect(addIntervals({ estimate: 10, low: 7, high: 13 }, { estimate: 20, low: 16, high: 24 })).toEqual({ estimate: 30, low: 25, high: 35 });
    expect(addIntervals({ estimate: 1, low: null, high: null }, { estimate: 2, low: 1, high: 3 })).toEqual({ estimate: 3, low: null, high: null });
  });
});
