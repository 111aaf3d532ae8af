import { MaggError } from '../../src/base/index.js';
import { inspectStore, readArray, readChunk, readGroup, readParentRecords, readParents, verifyChunk } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeStore } from './fake-store.js';
import { forms, writeForm } from './forms.js';

const WEIRD = ['null', '-1', '0', '0.5', '1e300', '4611686018427387904', '16777216', '"x"', '""', '"12"', '[]', '[null]', '{}', '[[1]]', 'true', '{"name": "gzip"}', '"full-sphere"', '[4, 4]', '[16]', '3'];

/** Every way in which the room reads a group. */
async function readAll(store: FakeStore, name: string): Promise<void> {
  for (const order of [1, 2, 3, 4]) {
    await inspectStore(store, { ...forms[name]!, childOrder: order, parentOrder: Math.min(2, order), parents: undefined, innerOrder: undefined, overviews: [] });
    const group = await readGroup(store, order);
    if (!group) continue;
    for (const { index } of (await readParents(store, group, { damaged: 'skip' })).slice(0, 2)) await verifyChunk(store, group, index);
    for (const variable of group.variables) {
      await readChunk(store, variable, 0);
      if (variable.length < 1e6) await readArray(store, variable);
    }
  }
  await readParentRecords(store, 4);
}

test.each(['overviews-gzip', 'sphere', 'sharded'])('%s: whatever stands in its metadata and chunks, reading ends in values or in an error that names the place', async name => {
  const whole = new FakeStore();
  await writeForm(whole, forms[name]!);
  const random = randomFrom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const nodes = [...whole.objects.keys()].filter(key => key.endsWith('zarr.json') && key !== 'zarr.json');
  const chunks = [...whole.objects.keys()].filter(key => !key.endsWith('zarr.json'));
  const outcomes = { read: 0, named: 0 };
  for (let i = 0; i < 150; i++) {
    const store = new FakeStore();
    for (const [key, bytes] of whole.objects) store.objects.set(key, bytes);
    let what: string;
    if (i % 5 === 0) {
      const key = pick(chunks);
      const bytes = store.objects.get(key)!.slice();
      const at = Math.floor(random() * bytes.length);
      bytes[at]! ^= 1 << Math.floor(random() * 8);
      store.objects.set(key, random() < 0.3 ? bytes.slice(0, at) : bytes);
      what = `${key} at byte ${at}`;
    } else {
      const key = pick(nodes);
      const text = store.text(key);
      // A leaf, or a whole list or object that has no other in it.
      const leaves = [...text.matchAll(/(?<=: |\[\s+|,\s+)(?:"[^"]*"(?!:)|-?[\d.]+|\[[^[\]{}]*\]|\{[^[\]{}]*\})/g)];
      const leaf = pick(leaves);
      const value = pick(WEIRD);
      store.setText(key, text.slice(0, leaf.index) + value + text.slice(leaf.index + leaf[0].length));
      what = `${key}: ${leaf[0]} replaced by ${value}`;
    }
    try {
      await readAll(store, name);
      outcomes.read++;
    } catch (error) {
      if (!(error instanceof MaggError)) throw new Error(what, { cause: error });
      outcomes.named++;
    }
  }
  expect(outcomes.named).toBeGreaterThan(20);
  expect(outcomes.read).toBeGreaterThan(20);
}, 60_000);
