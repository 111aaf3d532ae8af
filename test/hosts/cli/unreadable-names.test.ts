import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { configWith, copyGranules, GRANULES, runMagg, temporaryFolder, tracesOf } from './run-magg.js';

const folder = temporaryFolder();
const store = join(folder, 'out.zarr');
const output = join(folder, 'cells.json');

test('a granule that is a link to nowhere is told, however it is named; a good link is a granule', async () => {
  const place = join(folder, 'links');
  const [kept] = copyGranules(place, GRANULES.slice(0, 1));
  symlinkSync('../.git/annex/objects/gone', join(place, 'b.h5'));
  symlinkSync('round.h5', join(place, 'round.h5'));
  symlinkSync(`${basename(kept!)}/x`, join(place, 'through.h5'));
  symlinkSync(GRANULES[1]!, join(place, 'good.h5'));
  symlinkSync('nowhere', join(place, 'notes.txt'));
  mkdirSync(join(place, 'folder.h5'));
  const said = (link: string, target: string, share = ''): string => `${join(place, link)} is a link to ${target}, which leads nowhere${share}: rows would be missing. `;
  const share = ' (3 of the 5 names that match are such links)';
  for (const pattern of ['*.h5', 'b.h5', 'round.h5', 'through.h5']) {
    const told = { '*.h5': said('b.h5', '../.git/annex/objects/gone', share), 'b.h5': said('b.h5', '../.git/annex/objects/gone'), 'round.h5': said('round.h5', 'round.h5'), 'through.h5': said('through.h5', `${basename(kept!)}/x`) }[pattern];
    const config = configWith(place, [pattern]);
    for (const words of [['run', config, '--store', store], ['run', config, '--store', store, '--dry-run'], ['catalog', '--from', join(place, pattern), '--output', output]]) {
      expect(await runMagg(words)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(told!) as string });
    }
  }
  expect(await runMagg(['catalog', '--from', place, '--output', output])).toMatchObject({ code: 2, err: expect.stringContaining(said('b.h5', '../.git/annex/objects/gone', share)) as string });
  expect([...tracesOf(store), existsSync(output)]).toEqual([false]);
  // Broken links of other names are no granules.
  expect(await runMagg(['catalog', '--from', join(place, 'g*.h5'), kept!, '--output', output])).toMatchObject({ code: 0, out: expect.stringContaining('from 2 granules') as string });
});

test('a folder of granules that is a link to nowhere is told too', async () => {
  const place = join(folder, 'years');
  copyGranules(join(place, '2019'), GRANULES.slice(0, 1));
  symlinkSync('/scratch/gone', join(place, '2020'));
  for (const pattern of ['{2019,2020}/*.h5', '2020/*.h5', '2020/a.h5', '20*/*.h5', '2020']) {
    const { code, out, err } = await runMagg(['run', configWith(place, [pattern]), '--store', store]);
    expect([pattern, code, out]).toEqual([pattern, 2, '']);
    expect(err).toContain(join(place, '2020'));
    expect(err).toContain('a link to /scratch/gone, which leads nowhere');
  }
  // What is not there at all stays what it was.
  expect((await runMagg(['run', configWith(place, ['2021/*.h5']), '--store', store])).err).toContain('the pattern matches no file there');
  expect((await runMagg(['run', configWith(place, [`2019/${basename(GRANULES[0]!)}/*.h5`]), '--store', store])).err).toContain('the pattern matches no file there');
});

const pipe = join(folder, 'pipes', 'pipe.h5');
mkdirSync(join(folder, 'pipes'));
const withPipes = spawnSync('mkfifo', [pipe]).status === 0 ? test : test.skip; // not every system has it

withPipes('a pipe is refused by every command, not waited for', async () => {
  const config = configWith(join(folder, 'pipes'), ['*.h5']);
  for (const [code, words] of [
    [1, ['run', config, '--store', store]],
    [1, ['catalog', '--from', join(folder, 'pipes'), '--output', join(folder, 'pipes.json')]],
    [2, ['catalog', '--from', GRANULES[0]!, '--output', pipe]],
    [1, ['init', pipe, '--yes', '--output', join(folder, 'pipe.yaml')]],
    [2, ['inspect', pipe]]
  ] as const) {
    expect([words[0], await runMagg(words)]).toEqual([words[0], { code, out: '', err: expect.stringContaining('pipe.h5 is no regular file') as string }]);
  }
});
