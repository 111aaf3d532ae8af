import type { FakeGranule } from './fake-granule.js';
import { mortal } from './mortal-store.js';
import { bytes, damaged, one, place, probeOf, three, two } from './three-granules.js';

describe.each<[string, { readonly before?: () => FakeGranule[]; readonly now: () => FakeGranule[]; readonly overwrite?: boolean; readonly sizes?: Record<string, number>; readonly outcome?: string; readonly onlyKnown?: boolean; readonly writes?: number }]>([
  ['a new store', { now: () => [one(), two()] }],
  ['a store that grows', { before: () => [two()], now: () => [one(), two(), three()] }],
  ['a store that grows by parents that are not chosen', { before: () => [two()], now: () => [one(), two()], onlyKnown: true, writes: 40 }],
  ['a store that is replaced', { before: () => [one(), three()], now: () => [one(), two()], overwrite: true }],
  ['a store with cells that keep their values', { before: () => [one(), three()], now: () => [one(), two(), damaged()], sizes: { 'g3.h5': 2 }, outcome: 'partial' }]
])('killed at each write, then resumed: %s', (_, { before, now, overwrite = false, sizes, outcome = 'complete', onlyKnown = false, writes = 50 }) => {
  const again = probeOf(sizes);

  async function attempt(at: number): Promise<{ readonly died: boolean; readonly content: Map<string, string>; readonly resumed: unknown }> {
    const { store, files, run } = place();
    const earlier = before && (await run({ granules: before() }));
    const selection = onlyKnown ? { selection: { cells: earlier!.plan!.cells.map(cell => cell.nested) } } : {};
    const known = new Set(files.plans.keys());
    const { store: fragile, strike } = mortal(store, at);
    files.isKilled = true;
    const killed = await run({ granules: now(), probe: again, store: fragile, overwrite, refuse: strike, ...selection });
    const died = killed.error !== undefined;
    files.isKilled = false;
    // What a process that dies leaves: a last line without its end.
    if (died && files.runs.length > 0) files.runs[files.runs.length - 1] += '{"type":"cell-fini';
    // A store that is still the old one is to be replaced again.
    const resumed = await run({ granules: now(), probe: again, overwrite: overwrite && [...files.plans.keys()].some(id => known.has(id)), ...selection });
    return { died, content: await bytes(store), resumed: resumed.error ?? resumed.summary!.outcome };
  }

  test('gives the bytes of an undisturbed run', async () => {
    const undisturbed = await attempt(Infinity);
    expect(undisturbed.resumed).toBe(outcome);
    let at = 0;
    for (; ; at++) {
      const { died, content, resumed } = await attempt(at);
      expect([at, resumed]).toEqual([at, outcome]);
      expect([at, [...content.keys()].filter(key => content.get(key) !== undisturbed.content.get(key))]).toEqual([at, []]);
      expect([at, content.size]).toEqual([at, undisturbed.content.size]);
      if (!died) break;
    }
    expect(at).toBeGreaterThan(writes);
  });
});
