import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configWith, GRANULES, runMagg, temporaryFolder } from './run-magg.js';
import { FOLDED_NOTICE, verify, wordsOf } from './run-verify.js';

const folder = temporaryFolder();
const two = GRANULES.slice(-2);

describe('a run that ended early', () => {
  const begun = async (name: string): Promise<{ readonly config: string; readonly path: string }> => {
    const config = configWith(join(folder, name), two, ['  grid:', '  overviews: [4, 9]\n  grid:']);
    const path = join(folder, `${name}.zarr`);
    expect((await runMagg(['run', config, '--store', path, '--json'], { interruptAt: '"cell-finished"' })).code).toBe(130);
    return { config, path };
  };
  const goesOn = async (config: string, path: string): Promise<void> => {
    const { groups: [group] } = await verify(path);
    expect(group!.next).toMatch(new RegExp(`^magg run CONFIG --store ${path} .*goes on`));
    expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect(await verify(path)).toMatchObject({ code: 0, overviews: 'right' });
  };

  test('by Ctrl-C: what is done is right, what is not is no damage', async () => {
    const { config, path } = await begun('interrupted');
    const { code, groups } = await verify(path);
    expect([code, groups.flatMap(({ problems }) => problems)]).toEqual([3, []]);
    expect(groups[0]).toMatchObject({ state: 'incomplete', compared_with: ['journal'] });
    expect(groups[0]!.parents.data).toBeGreaterThan(0);
    expect(groups[0]!.parents.not_computed).toBeGreaterThan(0);
    expect((await runMagg(['verify', path])).out).toMatch(/12\/: right so far, not finished\n/);
    await goesOn(config, path);
  });

  test('by a kill: what it was writing may be anything, what is done may not', async () => {
    const { config, path } = await begun('killed');
    const journal = join(`${path}.magg`, '12', readdirSync(join(`${path}.magg`, '12')).find(name => name.endsWith('.jsonl'))!);
    const lines = readFileSync(journal, 'utf8').split('\n');
    const done = JSON.parse(lines.find(line => line.includes('"cell-finished"'))!) as { cell: string };
    writeFileSync(journal, lines.slice(0, lines.findIndex(line => line.includes('"cell-finished"')) + 1).join('\n').concat('\n{"type":"cell-st'));
    const places = (JSON.parse((await runMagg(['run', config, '--store', path, '--dry-run', '--json'])).out) as { cells: { cell: string }[] }).cells.map(({ cell }) => cell);
    const place = places.indexOf(done.cell), other = place === 0 ? 1 : 0;
    for (const array of ['12/h_min', '12/cell_ids', '9/h_min', '6/h_min']) writeFileSync(join(path, `${array}/c/${other}`), 'cut');
    expect(await verify(path)).toMatchObject({ code: 3, groups: [{ problems: [] }, { problems: [] }, { problems: [] }] });
    rmSync(join(path, `9/h_max/c/${place}`));
    expect(await verify(path)).toMatchObject({ code: 1 });
    const next = (await verify(path)).groups.find(group => group.problems.length > 0)!.next!;
    expect(await runMagg(['run', config, ...wordsOf(next)])).toMatchObject({ code: 0 });
    expect((await verify(path)).code).toBe(3);
    expect(await runMagg(['run', config, '--store', path])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect((await verify(path)).code).toBe(0);
  });

  test('before anything stood there: in the words of status', async () => {
    const { config, path } = await begun('early');
    rmSync(join(path, '12'), { recursive: true });
    const journal = join(`${path}.magg`, '12', readdirSync(join(`${path}.magg`, '12')).find(name => name.endsWith('.jsonl'))!);
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, `${lines.slice(0, lines.findIndex(line => line.includes('"cells-planned"'))).join('\n')}\n`);
    const title = /12\/: (nothing was written.*)\n/.exec((await runMagg(['status', path])).out)![1]!;
    expect(await runMagg(['verify', path])).toMatchObject({ code: 3, out: expect.stringContaining(`12/: ${title}\n`) as string });
    rmSync(path, { recursive: true });
    const { code, groups: [group] } = await verify(path);
    expect([code, group!.problems]).toEqual([3, []]);
    expect(await runMagg(['run', config, ...wordsOf(group!.next!)])).toMatchObject({ code: 0, err: FOLDED_NOTICE });
    expect((await verify(path)).code).toBe(0);
  });
});
