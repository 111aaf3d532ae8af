import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judge, judgeJson } from '../judge.js';
import { overviewLayouts } from '../../src/zarr/index.js';
import { FakeStore } from './fake-store.js';
import { formatFixtures } from './fixtures.js';
import { forms, writeForm } from './forms.js';

interface Compared {
  readonly stores: readonly { readonly hashes: number; readonly ids: number; readonly left_out: number; readonly overviews: number; readonly arrays: number; readonly groups: number }[];
  readonly wrong: number;
}

// Python's standard library has no zstd before 3.14: what it packs is as gzip packs it, by another codec.
const names = Object.keys(forms).filter(name => forms[name]!.compression !== 'zstd');
/** Parents in the data or partial state, of each form. */
const WITH_VALUES = 6;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'magg-format-'));
  for (const name of names) {
    const store = new FakeStore();
    await writeForm(store, forms[name]!);
    store.save(join(folder, name));
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const referencePoints = (): unknown[] => {
  const { columns, rows } = JSON.parse(readFileSync(resolve(__dirname, '../reference/healpix-points.json'), 'utf8')) as { columns: string[]; rows: (string | number)[][] };
  const wanted = ['lat_deg', 'lon_deg', 'order', 'nested_id', 'morton_word'].map(name => columns.indexOf(name));
  return rows.filter(row => row[columns.indexOf('latitude')] === 'authalic').map(row => wanted.map(at => row[at]));
};

test('a reader written from docs/format.md alone reads every form as zarr-python does, and finds hashes, ids and coverage right', () => {
  const points = referencePoints();
  const { stores, wrong } = judgeJson<Compared>('zarr/compare_reader.py', [], JSON.stringify({ paths: names.map(name => join(folder, name)), points }));
  names.forEach((name, i) => {
    const { form, innerOrder, overviews = [] } = forms[name]!;
    const checked = stores[i]!;
    expect([name, checked.hashes, checked.ids > 0, checked.left_out > 0]).toEqual([name, WITH_VALUES * (1 + overviewLayouts(forms[name]!).length), form !== 'full-sphere', innerOrder !== undefined && innerOrder > 2 || (overviews.length > 0 && form !== 'full-sphere')]);
    expect(checked.overviews).toBe(checked.groups - 1);
    expect(checked.overviews > 0).toBe(overviews.length > 0);
    expect(checked.arrays).toBe(checked.groups * (form === 'full-sphere' ? 5 : 7));
  });
  // Some reference points lie on the edges of cells at every order, where rounding decides.
  expect(wrong / points.length).toBeLessThan(0.03);
}, 120_000);

/** The reader must see what is wrong, or its agreement means nothing. */
const DAMAGE = `
import json, sys
sys.path.insert(0, sys.argv[1])
import format_reader as reader
from pathlib import Path

def check(store, change):
    path = Path(store) / change["file"]
    before = path.read_bytes()
    after = bytearray(before)
    after[change["at"]] ^= change["bits"]
    path.write_bytes(after)
    try:
        reader.check_store(store)
        return "nothing"
    except AssertionError as error:
        return str(error)
    finally:
        path.write_bytes(before)

print(json.dumps([check(sys.argv[2] + "/" + change["store"], change) for change in json.load(sys.stdin)]))
`;

test('and sees what does not fit', () => {
  const changes = [
    { store: 'dense', file: '4/h_mean/c/1', at: 40, bits: 1, found: /hash of 9/ },
    { store: 'sphere', file: '4/h_hist/c/9/0', at: 31, bits: 1, found: /hash of 9/ },
    { store: 'sharded', file: '4/h_mean/c/1', at: -10, bits: 1, found: /checksum of the index/ },
    { store: 'dense', file: '4/cell_ids/c/1', at: 8, bits: 1, found: /cell_ids/ },
    { store: 'overviews', file: '3/morton/c/0', at: 3, bits: 1, found: /3: morton/ },
    { store: 'overviews', file: '3/h_mean/c/1', at: 3, bits: 1, found: /overviews\/3: hash of 9/ },
    { store: 'dense', file: '4/parents/content_hash/c/0/0', at: 33, bits: 1, found: /hash of 9/ },
    { store: 'dense', file: '4/parents/state/c/0', at: 1, bits: 1, found: /hash of 9|coverage/ }
  ];
  const found = JSON.parse(judge(DAMAGE, [__dirname, folder], JSON.stringify(changes)).toString()) as string[];
  changes.forEach((change, i) => expect(found[i]).toMatch(change.found));
}, 120_000);

const FIXTURES = resolve(__dirname, 'format-fixtures.json');

/** JSON with a line for each member, to some depth. */
function lines(value: unknown, depth: number): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return `{\n${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${lines(item, depth - 1)}`).join(',\n')}\n}`;
}

test('the fixtures for other programs are what is written today; MAGG_WRITE_FIXTURES=1 writes them', async () => {
  const text = `${lines(await formatFixtures(), 3)}\n`;
  if (process.env.MAGG_WRITE_FIXTURES === '1') writeFileSync(FIXTURES, text);
  expect(JSON.parse(readFileSync(FIXTURES, 'utf8'))).toEqual(JSON.parse(text));
});

/** What another program does with them: write the objects to a folder, read it, compare. */
const PASS = `
import base64, json, pathlib, sys, tempfile
sys.path.insert(0, sys.argv[1])
import format_reader as reader

def number(value):
    return float(value) if value == "NaN" else value

compared = 0
for name, fixture in json.load(open(sys.argv[1] + "/format-fixtures.json")).items():
    with tempfile.TemporaryDirectory() as folder:
        for key, node in fixture["metadata"].items():
            path = pathlib.Path(folder, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(node))
        for key, text in fixture["chunks"].items():
            path = pathlib.Path(folder, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(text))
        groups, _ = reader.check_store(folder)
        expected = fixture["expected"]
        parents = [int(parent["parent"]) for parent in expected["parents"]]
        for told, found in zip(expected["parents"], groups[expected["group"]].parents(), strict=True):
            hash = bytes.fromhex(told["content_hash"]) if told["content_hash"] else bytes(32)
            assert found == {**{key: told[key] for key in ("state", "observations", "cells_with_data")}, "parent": int(told["parent"]), "hash": hash}
        for order, variables in expected["values"].items():
            group = groups[order]
            for variable, by_parent in variables.items():
                array = group.variables[variable]
                for parent, values in by_parent.items():
                    chunk = array.read_chunk(group.chunk_of(parents, int(parent)))
                    assert chunk.tobytes() == reader.np.array([number(value) for value in values], array.dtype).tobytes(), (name, order, variable, parent)
                    compared += 1
        for folded in expected["folded"]:
            group = groups[str(folded["order"])]
            step = group.cells_per_parent
            assert group.arrays["cell_ids"].read().tolist() == [cell for parent in folded["parents"] for cell in range(int(parent) * step, int(parent) * step + step)]
print(compared)
`;

test('another program passes them', () => {
  expect(Number(judge(PASS, [__dirname]).toString())).toBe(3 * (3 * 3) + 3);
}, 120_000);
