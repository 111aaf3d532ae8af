import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../../src/io/folder-store.node.js';
import { entriesOf, memoryStore, type ObjectStore } from '../../src/io/index.js';
import { containing } from './expected.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const stores: readonly [string, () => ObjectStore][] = [
  ['memory', () => memoryStore('memory')],
  ['folder', () => folderStore(join(folder, `s${count++}`, 'out.zarr'))]
];
function onlyLists(): ObjectStore {
  const store = memoryStore('memory');
  return { name: store.name, get: (...of) => store.get(...of), put: (...of) => store.put(...of), list: (...of) => store.list(...of), delete: (...of) => store.delete(...of) };
}
const of = (...values: number[]): Uint8Array => Uint8Array.from(values);

test.each(stores)('%s: what was put is what get returns, whole and by range', async (_, make) => {
  const store = make();
  expect(await store.get('12/h/c/0')).toBeUndefined();
  await store.put('12/h/c/0', of(1, 2, 3, 4));
  expect(await store.get('12/h/c/0')).toEqual(of(1, 2, 3, 4));
  expect(await store.get('12/h/c/0', { range: { offset: 1, length: 2 } })).toEqual(of(2, 3));
  await expect(store.get('12/h/c/0', { range: { offset: 3, length: 2 } })).rejects.toMatchObject({ tag: 'io' });
  expect(await store.get('12/h')).toBeUndefined();
  expect(await store.get('12/h/c/0/1')).toBeUndefined();
  await store.put('12/h/c/0', of(9));
  expect(await store.get('12/h/c/0')).toEqual(of(9));
});

test.each(stores)('%s: bytes may be used again when put has resolved, and what get gave is the caller’s', async (_, make) => {
  const store = make();
  for (const bytes of [of(1, 2, 3), Buffer.from([1, 2, 3])]) {
    await store.put('a', bytes);
    bytes.fill(0);
  }
  (await store.get('a'))!.fill(7);
  expect(await store.get('a')).toEqual(of(1, 2, 3));
});

test.each(stores)('%s: an object is replaced whole, by a shorter, an equal and a longer one', async (_, make) => {
  const store = make();
  for (const text of ['first one', 'short', 'equal', 'a longer one', '']) {
    await store.put('a/b', new TextEncoder().encode(text));
    expect(new TextDecoder().decode(await store.get('a/b'))).toBe(text);
  }
});

test.each(stores)('%s: ifNoneMatch refuses to replace', async (_, make) => {
  const store = make();
  await store.put('x/lock', of(1), { ifNoneMatch: true });
  await expect(store.put('x/lock', of(2), { ifNoneMatch: true })).rejects.toMatchObject({ tag: 'exists' });
  expect(await store.get('x/lock')).toEqual(of(1));
});

test.each(stores)('%s: list is by prefix, in order; delete removes one object', async (_, make) => {
  const store = make();
  expect(await store.list('')).toEqual([]);
  for (const key of ['b/zarr.json', 'b/c/10', 'b/c/2', 'a', 'bc/d', 'zarr.json']) await store.put(key, of(1));
  expect(await store.list('')).toEqual(['a', 'b/c/10', 'b/c/2', 'b/zarr.json', 'bc/d', 'zarr.json']);
  expect(await store.list('b')).toEqual(['b/c/10', 'b/c/2', 'b/zarr.json', 'bc/d']);
  expect(await store.list('b/')).toEqual(['b/c/10', 'b/c/2', 'b/zarr.json']);
  expect(await store.list('b/c/1')).toEqual(['b/c/10']);
  expect(await store.list('none/')).toEqual([]);
  await store.delete('b/c/10');
  await store.delete('b/c/2');
  await store.delete('b/c/2');
  await store.delete('no/such');
  expect(await store.list('b')).toEqual(['b/zarr.json', 'bc/d']);
});

test.each([...stores, ['one that can only list', onlyLists] as const])('%s: what stands in a folder, not below it', async (_, make) => {
  const store = make();
  expect(await entriesOf(store, '')).toEqual([]);
  for (const key of ['b/zarr.json', 'b/c/10', 'b/c/2', 'b/c.d', 'a', 'bc/d', 'zarr.json']) await store.put(key, of(1));
  expect(await entriesOf(store, '')).toEqual(['a', 'b/', 'bc/', 'zarr.json']);
  expect(await entriesOf(store, 'b/')).toEqual(['c.d', 'c/', 'zarr.json']);
  expect(await entriesOf(store, 'b/c/')).toEqual(['10', '2']);
  expect(await entriesOf(store, 'none/')).toEqual([]);
  await expect(entriesOf(store, '../')).rejects.toMatchObject({ tag: 'io' });
  await expect(entriesOf(store, '', { signal: AbortSignal.abort() })).rejects.toMatchObject({ tag: 'cancelled' });
});

test.each(stores)('%s: the size of an object', async (_, make) => {
  const store = make();
  await store.put('a/b', of(1, 2, 3));
  await store.put('e', of());
  expect([await store.size!('a/b'), await store.size!('e'), await store.size!('a'), await store.size!('a/b/c'), await store.size!('none')]).toEqual([3, 0, undefined, undefined, undefined]);
  await expect(store.size!('../x')).rejects.toMatchObject({ tag: 'io' });
});

test.each(stores)('%s: no key leaves the root', async (_, make) => {
  const store = make();
  for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '', 'a/.', '..\\x', 'a\0b']) {
    await expect(store.put(key, of(1))).rejects.toMatchObject({ tag: 'io' });
    await expect(store.get(key)).rejects.toMatchObject({ tag: 'io' });
    await expect(store.delete(key)).rejects.toMatchObject({ tag: 'io' });
  }
  await expect(store.list('../')).rejects.toMatchObject({ tag: 'io' });
  await expect(store.put('a', of(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({ tag: 'cancelled' });
});

test('a folder store writes plain files, makes and removes folders, and lists links to files', async () => {
  const root = join(folder, 'plain');
  const store = folderStore(root);
  expect(existsSync(root)).toBe(false);
  await store.put('a/b/c', of(5));
  expect([...readFileSync(join(root, 'a/b/c'))]).toEqual([5]);
  await store.delete('a/b/c');
  expect(existsSync(join(root, 'a'))).toBe(false);
  expect(existsSync(root)).toBe(true);
  await store.put('k/l', of(5));
  await store.delete('k/l', { keepsFolder: true });
  expect(existsSync(join(root, 'k'))).toBe(true);
  writeFileSync(join(root, 'target'), 'x');
  symlinkSync(join(root, 'target'), join(root, 'link'));
  symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
  expect(await store.list('')).toEqual(['link', 'target']);
});

test('a folder store tells what stands in the way', async () => {
  const root = join(folder, 'blocked');
  mkdirSync(join(root, 'key'), { recursive: true });
  writeFileSync(join(root, 'file'), 'x');
  const store = folderStore(root);
  await expect(store.put('key', of(1))).rejects.toMatchObject({ tag: 'io', message: containing('it is a folder') });
  await expect(store.put('file/below', of(1))).rejects.toMatchObject({ tag: 'not-found', message: containing('is a file, not a folder') });
});
