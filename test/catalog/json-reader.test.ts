import { MaggError, type JsonValue } from '../../src/base/index.js';
import { JsonReader } from '../../src/catalog/json-reader.js';
import { judgeJson } from '../judge.js';

const reader = (text: string): JsonReader => new JsonReader(text, 'bad', 'the file');
const read = (text: string): JsonValue => {
  const one = reader(text);
  const value = one.readValue();
  one.readEnd();
  return value;
};
const errorOf = (text: string): MaggError => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof MaggError) return error;
    throw error;
  }
  throw new Error(`read without an error: ${text}`);
};

test.each([
  'null', 'true', ' false\r\n', '0', '-0.5e+3', '1E-2', '12345678901234567890', '""', '"a b"', '"\\u00e9\\n\\"\\\\\\/"', '"é😀\u007f"', '[]', '[ ]', '{}', '{ "a" : [1, {"b": null}] , "__proto__": 1}'
])('agrees with JSON.parse on %s', text => {
  expect(read(text)).toEqual(JSON.parse(text));
});

const broken = [
  '', ' ', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '[1,]', '[1 2]', '01', '+1', '.5', '1.', '1e', '-', 'tru', 'nul', 'NaN', 'Infinity', "'a'", '"a', '"\\x"', '"\\u12g4"', '"a\nb"',
  '"\t"', '{a:1}', '[1]]', '1 1', '"a\\', '"\\"', '\u00a01', '// c\n1', '[1,,2]', '{"a" 1}'
];
test('refuses what is no JSON, as another parser does', () => {
  const program = `
import json, sys
def no(name): raise ValueError(name)
def holds(text):
    try:
        json.loads(text, parse_constant=no)
        return True
    except ValueError:
        return False
print(json.dumps([holds(t) for t in json.load(sys.stdin)]))
`;
  expect(judgeJson<boolean[]>(program, [], JSON.stringify(broken))).toEqual(broken.map(() => false));
  for (const text of broken) expect(errorOf(text).tag).toBe('bad');
});

test('errors name line and column, what was expected and what was found', () => {
  expect(errorOf('{\n  "a": 1,\n  "b" 2\n}').message).toBe('the file, line 3, column 7: expected a colon after the key "b", found "2\\n}"');
  expect(errorOf('{"a": [1, 2').message).toBe('the file, line 1, column 12: expected a comma or the end of the list, but the document is cut off here');
  expect(errorOf('["abc').message).toBe('the file, line 1, column 6: expected the end of a text in double quotes, but the document is cut off here');
  expect(errorOf('\n["a\u0001b"]').message).toContain('line 2, column 4: a text holds the control character 1');
  expect(errorOf('[1] x').message).toBe('the file, line 1, column 5: expected the end of the document, found "x"');
});

test('a key that stands twice is an error, also when written in two ways', () => {
  expect(errorOf('{"a": 1,\n "\\u0061": 2}').message).toBe('the file, line 2, column 2: the key "a" stands twice in one object; remove one');
});

test('keeps the order of keys, integers among them', () => {
  const keys: string[] = [];
  const one = reader('{"10": 1, "-3": 2, "2": 3, "b": 4}');
  one.readObject(key => {
    keys.push(key);
    one.readValue();
  });
  expect(keys).toEqual(['10', '-3', '2', 'b']);
});

test('a byte order mark at the start is not part of the document', () => {
  expect(read('\ufeff[1]')).toEqual([1]);
});

test('nesting is bounded', () => {
  expect(errorOf('['.repeat(100_000)).message).toContain('expected at most 64 nested values');
  expect(errorOf('{"a":'.repeat(100_000)).message).toContain('expected at most 64 nested values');
  expect(read(`${'['.repeat(64)}${']'.repeat(64)}`)).toHaveLength(1);
});
