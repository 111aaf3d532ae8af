import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { portableChunkCodecs, type AttributeValue, type Hdf5Dataset } from '../../src/hdf5/index.js';
import { judgeJson } from '../judge.js';
import { digests, openFile, type Digest } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-hdf5-'));
afterAll(() => rmSync(folder, { recursive: true }));
const made = judgeJson<string[]>('hdf5/make_files.py', [folder]);
const granulesOf = (path: string): string[] => (existsSync(path) ? readdirSync(path).filter(name => name.endsWith('.h5')).map(name => join(path, name)) : []);
const examples = granulesOf(resolve(__dirname, '../../examples/greenland'));
// More granules may lie beside a checkout; the project does not need them.
const more = granulesOf(resolve(__dirname, '../../../shared/granules')).filter(path => !examples.some(one => basename(one) === basename(path)));
const files = [...made, ...examples, ...more];
const judged = judgeJson<Record<string, Record<string, Digest>>>('hdf5/digests.py', files);

test('there are granules to read', () => expect(examples).toHaveLength(8));

test.each(files.map(path => [basename(path), path]))('%s: every dataset of numbers is what h5py reads, byte for byte', async (_, path) => {
  const expected = Object.entries(judged[path]!).filter(([, digest]) => digest.type !== null);
  expect(expected.length).toBeGreaterThan(20);
  const file = await openFile(path);
  const datasets = (await file.datasets(expected.map(([name]) => name))) as Hdf5Dataset[];
  const hashes = await digests(file, datasets);
  const found = datasets.map(({ path: name, shape, type, fillValue }, i) => [name, { shape, type, sha256: hashes[i], hasFill: fillValue !== undefined }]);
  expect(found).toEqual(expected.map(([name, { shape, type, sha256, fill }]) => [name, { shape, type, sha256, hasFill: fill !== undefined && !fill.startsWith('str') }]));
  await file.close();
});

test.each([examples[0]!, made[0]!].map(path => [basename(path), path]))('%s: the codecs for pages give the same', async (_, path) => {
  const expected = Object.entries(judged[path]!).filter(([, digest]) => digest.type !== null);
  const file = await openFile(path, portableChunkCodecs);
  const datasets = (await file.datasets(expected.map(([name]) => name))) as Hdf5Dataset[];
  expect(await digests(file, datasets)).toEqual(expected.map(([, digest]) => digest.sha256));
  await file.close();
});

test.each([...made.filter(path => !/ordered|v114/.test(path)), examples[3]!, ...more].map(path => [basename(path), path]))('%s: walk lists what h5py visits', async (_, path) => {
  const file = await openFile(path);
  const nodes = await file.walk('/');
  const datasets = nodes.filter(node => node.kind === 'dataset');
  // Where a group tracks the order of creation, we keep to it; h5py goes by name.
  const inOrder = (paths: readonly string[]): readonly string[] => (made.includes(path) ? paths.filter(name => !name.includes('/ordered/')) : [...paths].sort());
  expect(inOrder(datasets.map(node => node.path))).toEqual(inOrder(Object.keys(judged[path]!)));
  const isNumeric = (type: string): boolean => type !== 'text' && type !== 'other';
  const found = datasets.map(({ path: name, shape, type }) => [name, shape, isNumeric(type) ? type : null]);
  expect(found).toEqual(datasets.map(({ path: name }) => [name, judged[path]![name]!.shape, judged[path]![name]!.type]));
  await file.close();
});

const written = (value: AttributeValue, isFloat: boolean): unknown =>
  typeof value === 'object' ? value.map(one => written(one, isFloat)) : typeof value === 'number' && isFloat ? value : String(value);

/** h5py's text of a number, as a number where it is a float. */
const wanted = (value: string | string[], isFloat: boolean): unknown => (Array.isArray(value) ? value.map(one => wanted(one, isFloat)) : isFloat ? Number(value) : value);
const looksFloat = (value: string | string[]): boolean => [value].flat().some(one => /^-?\d+(\.\d+(e[+-]?\d+)?|e[+-]?\d+)$/.test(one) || one === 'nan');

test.each([made[0]!, made[2]!, made[4]!, examples[0]!].map(path => [basename(path), path]))('%s: attributes are what h5py reads', async (_, path) => {
  const expected = judgeJson<Record<string, Record<string, string | string[]>>>('hdf5/attributes.py', [path]);
  const file = await openFile(path);
  const found: unknown[] = [];
  const want: unknown[] = [];
  for (const [name, values] of Object.entries(expected)) {
    const attributes = await file.attributes(name);
    found.push([name, Object.keys(attributes).sort()]);
    want.push([name, Object.keys(values).sort()]);
    for (const [key, value] of Object.entries(values)) {
      const one = attributes[key] ?? '';
      const isFloat = ![one].flat().some(part => typeof part === 'string') && looksFloat(value);
      found.push([name, key, written(one, isFloat)]);
      want.push([name, key, wanted(value, isFloat)]);
    }
  }
  expect(found.length).toBeGreaterThan(100);
  expect(found).toEqual(want);
  await file.close();
});

test('groups that track the order of creation are walked in that order', async () => {
  const file = await openFile(made.find(path => path.endsWith('ordered.h5'))!);
  const names = (await file.walk('/groups/ordered')).map(node => node.path);
  expect(names).toEqual(['/groups/ordered/zebra', '/groups/ordered/apple', '/groups/ordered/mango']);
  await file.close();
});

test('links, missing paths, fill values and errors of one file of each kind', async () => {
  for (const path of made.slice(0, 5)) {
    const file = await openFile(path);
    expect(await file.exists(['/layouts', 'layouts/deflate', '/groups/soft', '/groups/soft_group/apple', '/groups/soft_relative', '/groups/loop/loop/many/0003', '/groups/dangling', '/no', '/layouts/deflate/x', '/'])).toEqual([
      true, true, true, true, true, true, false, false, false, true
    ]);
    await expect(file.exists(['/groups/circle'])).rejects.toMatchObject({ tag: 'damaged-file' });
    await expect(file.datasets(['/groups/external'])).rejects.toMatchObject({ tag: 'unsupported' });
    await expect(file.datasets(['/groups'])).rejects.toMatchObject({ tag: 'not-a-dataset' });
    await expect(file.datasets(['/named'])).rejects.toMatchObject({ tag: 'not-a-dataset' });
    for (const text of ['fixed', 'variable', 'compound']) await expect(file.datasets([`/texts/${text}`])).rejects.toMatchObject({ tag: 'not-numeric' });
    await expect(file.walk('/no')).rejects.toMatchObject({ tag: 'not-found' });
    const paths = ['few', 'many', 'fill_list', 'fill_of_other_type', 'fill_text'].map(name => `attributes/${name}`);
    const datasets = await file.datasets([...paths, '/groups/dangling', '/layouts/soft/none', 'exotic/scaled_fill']);
    expect(datasets.map(dataset => dataset?.fillValue)).toEqual([Math.fround(3.4028235e38), -(2n ** 62n), -1, 9n, undefined, undefined, undefined, 17n]);
    expect(datasets.slice(5, 7)).toEqual([undefined, undefined]);
    expect(await file.walk('/layouts/deflate')).toEqual([{ kind: 'dataset', path: '/layouts/deflate', shape: [5000], type: 'float64', storage: 'chunks of 512, deflate' }]);
    await file.close();
  }
});
