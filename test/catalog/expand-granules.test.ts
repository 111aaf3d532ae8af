import { MaggError } from '../../src/base/index.js';
import { expandGranules, granuleId, type FolderEntry, type ListFolder } from '../../src/catalog/index.js';
import { expandBraces, matchesName } from '../../src/catalog/glob.js';
import { judgeJson } from '../judge.js';

/** A tree of files, given by paths; listings are recorded. */
function tree(...paths: string[]): { readonly list: ListFolder; readonly asked: string[] } {
  const asked: string[] = [];
  const list: ListFolder = async folder => {
    asked.push(folder);
    const prefix = folder === '.' ? '' : folder;
    const entries = new Map<string, FolderEntry>();
    for (const path of paths.filter(p => p.startsWith(prefix))) {
      const [name, ...rest] = path.slice(prefix.length).split('/');
      entries.set(name!, { name: name!, kind: rest.length > 0 ? 'folder' : 'file' });
    }
    return entries.size > 0 ? [...entries.values()].reverse() : undefined;
  };
  return { list, asked };
}
const files = tree('/d/b.h5', '/d/a.h5', '/d/.hidden.h5', '/d/notes.txt', '/d/2019/c1.h5', '/d/2019/04/c2.h5', '/d/2020/c3.h5', '/d/.git/x.h5', '/other/z.h5');
const expand = (...patterns: string[]): Promise<readonly string[]> => expandGranules(patterns, '/d', files.list);
const tagOf = async (...patterns: string[]): Promise<string> => {
  try {
    return `none: ${(await expand(...patterns)).join(' ')}`;
  } catch (error) {
    if (error instanceof MaggError) return `${error.tag}: ${error.message}`;
    throw error;
  }
};

test('paths, patterns and URLs, ordered by granule id', async () => {
  expect(await expand('b.h5', './a.h5')).toEqual(['/d/a.h5', '/d/b.h5']);
  expect(await expand('*.h5')).toEqual(['/d/a.h5', '/d/b.h5']);
  expect(await expand('?.h5', '/other/*')).toEqual(['/d/a.h5', '/d/b.h5', '/other/z.h5']);
  expect(await expand('{2019,2020}/c?.h5')).toEqual(['/d/2019/c1.h5', '/d/2020/c3.h5']);
  expect(await expand('**/c*.h5')).toEqual(['/d/2019/c1.h5', '/d/2019/04/c2.h5', '/d/2020/c3.h5']);
  expect(await expand('20*/**')).toEqual(['/d/2019/c1.h5', '/d/2019/04/c2.h5', '/d/2020/c3.h5']);
  expect(await expand('**/*.h5')).toEqual(['/d/a.h5', '/d/b.h5', '/d/2019/c1.h5', '/d/2019/04/c2.h5', '/d/2020/c3.h5']);
  expect(await expand('.hidden.h5')).toEqual(['/d/.hidden.h5']);
  expect(await expand('s3://b/p/m.h5', 'a.h5', 'https://h/k.h5?token=*')).toEqual(['/d/a.h5', 'https://h/k.h5?token=*', 's3://b/p/m.h5']);
});

test('a folder above the base and an empty base', async () => {
  const flat = tree('x.h5', 'sub/y.h5');
  expect(await expandGranules(['*.h5', 'sub/y.h5'], '', flat.list)).toEqual(['x.h5', 'sub/y.h5']);
  const up = tree('/d/../o/q.h5');
  expect(await expandGranules(['../o/q.h5'], '/d', up.list)).toEqual(['/d/../o/q.h5']);
});

test('patterns that overlap are merged, and each folder is listed once', async () => {
  const some = tree('/d/a.h5', '/d/s/b.h5');
  expect(await expandGranules(['*.h5', 'a.h5', '**/*.h5', '?.h5'], '/d', some.list)).toEqual(['/d/a.h5', '/d/s/b.h5']);
  expect([...some.asked].sort()).toEqual(['/d/', '/d/s/']);
});

test('what matches nothing, or is not there, is an error that names it', async () => {
  expect(await tagOf('a.h5', '*.hdf')).toMatch(/^no-granules: the granules "\*\.hdf" were looked for in \/d, and the pattern matches no file there;/);
  expect(await tagOf('missing.h5')).toMatch(/^no-granules: .*"missing.h5".*there is no such file/);
  expect(await tagOf('nowhere/*.h5')).toMatch(/^no-granules/);
  // A folder is no granule.
  expect(await tagOf('2019')).toMatch(/^no-granules/);
  expect(await tagOf('')).toMatch(/^bad-pattern/);
});

test('the same granule twice is an error', async () => {
  expect(await tagOf('a.h5', './a.h5')).toMatch(/^duplicate-granule: \.\/a\.h5 is given twice/);
  expect(await tagOf('https://h/a.h5', 'https://h/a.h5')).toMatch(/^duplicate-granule/);
  expect(await tagOf('a.h5', 's3://bucket/far/a.h5')).toMatch(/^duplicate-granule: \/d\/a\.h5 and s3:\/\/bucket\/far\/a\.h5 are the same granule, a\.h5/);
});

test('a pattern in a URL is an error', async () => {
  expect(await tagOf('https://h/*.h5')).toMatch(/^bad-pattern: .*cannot be expanded/);
});

describe('links that lead nowhere', () => {
  const links: ListFolder = async folder => {
    if (folder === '/d/') return [{ name: 'b.h5', kind: 'broken-link', target: '../gone/b' }, { name: 'a.h5', kind: 'file' }, { name: '2020', kind: 'broken-link', target: '/scratch/2020' }, { name: 'x.h5', kind: 'folder' }, { name: 's', kind: 'folder' }];
    return folder === '/d/s/' ? [{ name: 'e.h5', kind: 'broken-link', target: 'e' }, { name: 'd.h5', kind: 'broken-link', target: 'd' }, { name: 'f.nc', kind: 'file' }] : undefined;
  };
  const of = (...patterns: string[]): Promise<readonly string[]> => expandGranules(patterns, '/d', links);

  test.each([
    ['b.h5', '"b.h5": /d/b.h5 is a link to ../gone/b, which leads nowhere: '],
    ['*.h5', '"*.h5": /d/b.h5 is a link to ../gone/b, which leads nowhere (1 of the 2 names that match is such a link): '],
    ['{a,b}.h5', '"{a,b}.h5": /d/b.h5 is a link to'],
    ['s/*', '"s/*": /d/s/d.h5 is a link to d, which leads nowhere (2 of the 3 names that match are such links): '],
    ['**/?.h5', '/d/b.h5 is a link to ../gone/b, which leads nowhere (3 of the 4 names'],
    ['20*/*.h5', '/d/2020 is a link to /scratch/2020, which leads nowhere: ']
  ])('%s: an error with the link and where it points', async (pattern, message) => {
    await expect(of('a.h5', pattern)).rejects.toMatchObject({ tag: 'no-granules', message: expect.stringContaining(message) as string });
  });

  test('those that do not match are nothing to it, and folders stay left out', async () => {
    expect(await of('a*', 's/*.nc')).toEqual(['/d/a.h5', '/d/s/f.nc']);
    expect(await of('**/*.nc')).toEqual(['/d/s/f.nc']);
    await expect(of('x.*')).rejects.toMatchObject({ message: expect.stringContaining('matches no file') as string });
  });
});

test('a circle of links ends', async () => {
  const circle: ListFolder = async folder => [{ name: 'loop', kind: 'folder' }, { name: `${folder.length}.h5`, kind: 'file' }];
  const found = await expandGranules(['**/*.h5'], '/d', circle);
  expect(found.length).toBeGreaterThan(10);
  expect(found.length).toBeLessThan(100);
});

test('a cancelled search stops', async () => {
  await expect(expandGranules(['*'], '/d', files.list, { signal: AbortSignal.abort() })).rejects.toMatchObject({ tag: 'cancelled' });
});

test('names match as they do for fnmatch', () => {
  const patterns = ['*', '?', 'a*', '*a', 'a*b*c', '**', 'a?c', '', 'abc', '*.h5', 'a**c', '*?'];
  const names = ['', 'a', 'b', 'abc', 'aXbYc', 'abcabc', 'x.h5', '.h5', 'ac', 'a.c', 'aab', 'abcc'];
  const program = `
import fnmatch, json, sys
patterns, names = json.load(sys.stdin)
print(json.dumps([[fnmatch.fnmatchcase(n, p) and not (n.startswith(".") and not p.startswith(".")) for n in names] for p in patterns]))
`;
  expect(patterns.map(p => names.map(n => matchesName(p, n)))).toEqual(judgeJson(program, [], JSON.stringify([patterns, names])));
});

test('braces', () => {
  expect(expandBraces('a{b,c}d{,e}')).toEqual(['abd', 'abde', 'acd', 'acde']);
  expect(expandBraces('a{b}')).toEqual(['a{b}']);
  expect(() => expandBraces('{a,b}'.repeat(20))).toThrow(/at most 1000/);
});

test.each([
  ['s3://bucket/p/ATL06_x.h5', 'ATL06_x.h5'], ['https://h/p/ATL06_x.h5?sig=a/b#f', 'ATL06_x.h5'], ['/d/ATL06_x.h5', 'ATL06_x.h5'], ['ATL06_x.h5', 'ATL06_x.h5'],
  ['C:\\data\\ATL06_x.h5', 'ATL06_x.h5'], ['https://h/a%20b.h5', 'a b.h5'], ['https://h/100%.h5', '100%.h5'], ['/d/what?.h5', 'what?.h5'], ['/d/a#1.h5', 'a#1.h5']
])('granule id of %s', (text, id) => {
  expect(granuleId(text)).toBe(id);
});
