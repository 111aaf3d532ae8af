import { MaggError } from '../../src/base/index.js';
import { encodePoint, mortonDecimal, parentId } from '../../src/grid/index.js';
import { readGroup } from '../../src/zarr/index.js';
import { FakeGranule } from './fake-granule.js';
import { runInMemory } from './in-memory.js';
import { catalogOf, checkedIn, granules, of, place, staleListing, TRACKS, verdict, wholeListing, without, type Listed } from './listed-tracks.js';

let whole: Listed;
beforeAll(async () => {
  whole = await wholeListing();
});
const stale = (): Listed => staleListing(whole);

describe('a read that fails', () => {
  /** For the first granule only the cell of its first rows is listed, far from the damage in the last chunk of a dataset. */
  const listed = (): Listed => {
    const { lat, lon } = TRACKS[0]![0]!.rows[0]!;
    const first = mortonDecimal(parentId(encodePoint(lat, lon, 4, 'authalic'), 4, 2), 2).toString();
    return without(whole, (cell, granule) => granule === 'g1.h5' && cell !== first);
  };
  const damage = (name: string): FakeGranule[] => granules((contents, g) => (g === 0 ? { ...contents, [`/a/${name}`]: { ...contents[`/a/${name}`]!, damaged: [11] } } : contents));

  test('only when the catalog is checked: the cells are right, the run is partial and says why; the next one tries again', async () => {
    const { store, run } = place();
    const first = await run({ input: catalogOf(listed()), granules: damage('lon') });
    expect(of(first.events, 'granule-failed')).toEqual([expect.objectContaining({ granule: 'g1.h5', group: 'a', tag: 'damaged-chunk' })]);
    expect(of(first.events, 'catalog-checked').map(({ granule, isWhole }) => [granule, isWhole]).sort()).toEqual([['g1.h5', false], ['g2.h5', true], ['g3.h5', true]]);
    expect(first.summary).toMatchObject({ outcome: 'partial', cellsFailed: 0, groupsFailed: 1, granulesUnchecked: 1 });
    expect((await readGroup(store, 4))!.completeness).toBe('partial');
    // What the other beam lost is known.
    expect(first.summary!.rowsOutsidePlan).toBeGreaterThan(0);
    const same = await run({ input: catalogOf(listed()), granules: damage('lon') });
    expect(same.summary).toMatchObject({ outcome: 'partial', granulesUnchecked: 1, rowsOutsidePlan: first.summary!.rowsOutsidePlan });
    expect(checkedIn(same.events)).toEqual(['g1.h5']);
    const mended = await run({ input: catalogOf(listed()) });
    expect(checkedIn(mended.events)).toEqual(['g1.h5']);
    expect(verdict(mended)).toEqual(verdict(await runInMemory({ granules: granules(), input: catalogOf(listed()) })));
    expect(mended.summary!.rowsOutsidePlan).toBeGreaterThan(first.summary!.rowsOutsidePlan);
  });

  test('for a cell too is not told once more', async () => {
    const list = damage('lat');
    const { events, summary } = await place().run({ input: catalogOf(listed()), granules: list });
    const failed = of(events, 'granule-failed').length;
    expect(failed).toBe(of(events, 'cell-failed').length);
    expect(failed).toBeGreaterThan(0);
    expect(summary).toMatchObject({ outcome: 'partial', groupsFailed: failed, granulesUnchecked: 1 });
  });

  test('of values does not keep the rows from being counted', async () => {
    const list = granules((contents, g) => (g === 0 ? { ...contents, '/a/h': { ...contents['/a/h']!, damaged: Array.from({ length: 12 }, (_, c) => c) } } : contents));
    const { summary } = await place().run({ input: catalogOf(stale()), granules: list, allowPartial: true });
    expect(summary).toMatchObject({ outcome: 'partial', granulesUnchecked: 0, rowsOutsidePlan: (await runInMemory({ granules: granules(), input: catalogOf(stale()) })).summary!.rowsOutsidePlan });
  });

  test('a granule that cannot be reached is not waited for once more', async () => {
    class Dead extends FakeGranule {
      opened = 0;
      override withSaved(): this {
        this.opened++;
        throw new MaggError('io', `${this.name} could not be fetched`, { retryable: true });
      }
    }
    const [one, two, three] = granules();
    const dead = new Dead(one!.name, one!.contents);
    const { events, summary } = await place().run({ input: catalogOf(stale()), granules: [dead, two!, three!] });
    expect(checkedIn(events)).toEqual(['g2.h5', 'g3.h5']);
    expect(dead.opened).toBe(3 * Object.values(stale()).filter(list => list.includes('g1.h5')).length);
    expect(summary!.outcome).toBe('partial');
  });
});
