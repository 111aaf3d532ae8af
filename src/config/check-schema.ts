import { Validator, type OutputUnit } from '@cfworker/json-schema';
import { isJsonObject, type JsonObject, type JsonValue } from '../base/index.js';
import { nearestName } from './nearest-name.js';
import { formatPath, type Path, type Report } from './report.js';
import { keysAt, schemaAt, schemaRoot, typesAt } from './schema-lookup.js';
import { typeFix } from './type-fix.js';

let validator: Validator | undefined;

/**
 * Reports everything that the schema says against a document, and returns the document without the values it says it of, so
 * that later checks can trust the types of what is there. In a list null stands for what was taken out.
 */
export function checkSchema(document: JsonObject, report: Report): JsonObject {
  validator ??= new Validator(withoutUnique(schemaRoot()), '2020-12', false);
  const bad: Path[] = [];
  const told = new Set<string>();
  for (const unit of validator.validate(document).errors) {
    const path = pathOf(unit, document);
    // An array with several wrong items, an object with several missing keys: one unit each, told once.
    const id = JSON.stringify([path, unit.keyword]);
    if (told.has(id)) continue;
    told.add(id);
    if (explain(unit, path, document, report)) bad.push(path);
  }
  for (const path of UNIQUE) {
    const double = twice(valueAt(document, path));
    if (double === undefined || report.hasErrorWithin(path)) continue;
    report.add({ code: 'wrong-value', path, message: `${formatPath(path)}: ${show(double)} is listed twice` });
    bad.push(path);
  }
  return withoutPaths(document, bad);
}

/** Lists that the schema calls unique. The validator compares all pairs, which takes seconds for ten thousand entries. */
const UNIQUE: readonly Path[] = [['data_source', 'groups'], ['output', 'overviews']];

function withoutUnique(node: JsonObject): JsonObject {
  const copy = (value: JsonValue): JsonValue => (Array.isArray(value) ? value.map(copy) : isJsonObject(value) ? withoutUnique(value) : value);
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'uniqueItems').map(([key, value]) => [key, copy(value)]));
}

/** The first entry that was there before. */
function twice(list: JsonValue | undefined): JsonValue | undefined {
  const seen = new Set<JsonValue>();
  return Array.isArray(list) ? (list as readonly JsonValue[]).find(item => seen.size === seen.add(item).size) : undefined;
}

/** Adds a diagnostic for a unit; true when the value at its place must not be used. */
function explain({ keyword, keywordLocation }: OutputUnit, path: Path, document: JsonObject, report: Report): boolean {
  const schema = schemaAt(path);
  const value = valueAt(document, path);
  const key = path.at(-1);
  const wrong = (message: string, fix?: { title: string; replacement: string }): true => {
    report.add({ code: 'wrong-value', message: `${formatPath(path)}: ${message}`, path, fix });
    return true;
  };
  switch (keyword) {
    case 'false':
      // The validator also says this of keys it knows when their values are wrong.
      return schema === undefined && unknownKey(path, report);
    case 'required': {
      const required = path.length === 0 ? schemaRoot().required : schema?.required;
      const have = value as JsonObject;
      // What could not be read is there.
      for (const name of required as string[]) if (!Object.hasOwn(have, name) && !report.hasError([...path, name])) missingKey([...path, name], report);
      return false;
    }
    case 'type':
      return wrongType(path, value, report);
    case 'enum': {
      if (report.hasError(path)) return true;
      const allowed = (schema?.enum as JsonValue[]).map(String);
      const near = nearestName(typeof value === 'string' ? value : show(value), allowed) ?? (allowed.length === 1 ? allowed[0] : undefined);
      return wrong(`expected ${anyOf(allowed)}, found ${show(value)}`, near === undefined ? undefined : { title: `Change to ${near}`, replacement: near });
    }
    case 'minimum':
    case 'maximum':
      // Both limits in one message.
      if (key === 'parent_order' || key === 'child_order' || key === 'inner_order' || path.at(-2) === 'overviews') {
        report.add({ code: 'orders', message: `${formatPath(path)}: expected an order from ${show(schema?.minimum)} to ${show(schema?.maximum)}, found ${show(value)}`, path });
        return true;
      }
      return wrong(`expected ${limitsOf(schema)}, found ${show(value)}`);
    case 'minLength':
      return wrong('expected a text, found an empty one');
    case 'minItems':
    case 'maxItems':
      return wrong(LIST_WORDS[String(key)] === undefined ? 'expected at least one entry, found an empty list; leave the key out instead' : `expected ${LIST_WORDS[String(key)]}, found ${(value as JsonValue[]).length}`);
    case 'minProperties':
      return wrong('expected at least one entry, found none');
    case 'pattern':
      if (keywordLocation.includes('/propertyNames/')) return badName(path, report);
      return wrong(key === 'start_date' || key === 'end_date'
        ? `expected a date such as 2019-04-16 or 2019-04-16T10:30:00Z, found ${show(value)}`
        : `expected the name of a group without { } and without / at its ends, found ${show(value)}`);
    default:
      // Keywords that only hold others: properties, items, $ref.
      return false;
  }
}

function unknownKey(path: Path, report: Report): true {
  const keys = keysAt(path.slice(0, -1));
  const key = String(path.at(-1));
  const near = nearestName(key, keys);
  const where = path.length === 1 ? 'a config' : formatPath(path.slice(0, -1));
  report.add({
    code: 'unknown-key', at: 'key', path,
    message: `${key} is no key of ${where}${near ? `; did you mean ${near}?` : `, whose keys are ${keys.join(', ')}`}`,
    fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near }
  });
  return true;
}

function missingKey(path: Path, report: Report): void {
  const { description, examples } = schemaAt(path) ?? {};
  const example = Array.isArray(examples) ? `, for example ${String(path.at(-1))}: ${JSON.stringify(examples[0])}` : '';
  report.add({ code: 'missing-key', at: 'key', path, message: `${formatPath(path)} is missing${example}. ${typeof description === 'string' ? description : ''}` });
}

const LIST_WORDS: Readonly<Record<string, string>> = { spatial: 'four numbers [lon_min, lat_min, lon_max, lat_max]', range: 'two numbers [low, high]' };

function limitsOf(schema: JsonObject | undefined): string {
  const { minimum, maximum } = schema ?? {};
  if (minimum !== undefined && maximum !== undefined) return `a number from ${show(minimum)} to ${show(maximum)}`;
  return minimum === undefined ? `at most ${show(maximum)}` : `at least ${show(minimum)}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)', array: 'a list', string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false'
};

function wrongType(path: Path, value: JsonValue | undefined, report: Report): true {
  if (report.hasError(path)) return true;
  const types = typesAt(path);
  const values = schemaAt(path)?.enum;
  const expected = Array.isArray(values) ? anyOf(values.map(String)) : types.map(type => TYPE_WORDS[type] ?? type).join(' or ');
  report.add({ code: 'wrong-type', path, message: `${formatPath(path)}: expected ${expected}, found ${show(value)}`, fix: typeFix(value, path, report) });
  return true;
}

/** Names of the store's own arrays, groups and files. */
const TAKEN_NAMES: ReadonlyMap<string, string> = new Map([
  ['cell_ids', 'cell_ids is written in any case, as a coordinate; choose another name'],
  ['morton', 'morton is written in any case, as a coordinate; choose another name'],
  ['parents', 'parents is the group that says what became of each parent cell; choose another name'],
  ['zarr.json', 'zarr.json is the file of the metadata; choose another name']
]);

/** The path ends with the name itself. */
function badName(path: Path, report: Report): false {
  const name = String(path.at(-1));
  if (path.at(-2) === 'let') {
    report.add({ code: 'wrong-value', at: 'key', path, message: `${JSON.stringify(name)} cannot be the name of a computed column: expressions name it, so it has only letters A to Z, digits and _, and no digit first` });
    return false;
  }
  const why = TAKEN_NAMES.get(name) ?? 'it has only letters A to Z, digits, _, . and -, begins with a letter, a digit or _, and not with __';
  report.add({ code: 'wrong-value', at: 'key', path, message: `${JSON.stringify(name)} cannot be the name of a variable: ${why}` });
  return false;
}

const anyOf = (values: readonly string[]): string => (values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);

/** A value as a message names it. */
function show(value: JsonValue | undefined): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
  if (Array.isArray(value)) return 'a list';
  return value === null || value === undefined ? 'nothing' : typeof value === 'object' ? 'a mapping' : String(value);
}

function valueAt(document: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string | number, JsonValue>)[step] : undefined), document);
}

/** The instance's place as a path; positions in lists are numbers. */
function pathOf({ instanceLocation }: OutputUnit, document: JsonObject): Path {
  let value: JsonValue | undefined = document;
  return instanceLocation.split('/').slice(1).map(part => {
    const name = decodeURI(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(name) : name;
    value = valueAt(value ?? null, [step]);
    return step;
  });
}

function withoutPaths(value: JsonObject, paths: readonly Path[]): JsonObject {
  const drop = new Set(paths.map(path => JSON.stringify(path)));
  const copy = (node: JsonValue, path: Path): JsonValue => {
    const keeps = (step: string | number): boolean => !drop.has(JSON.stringify([...path, step]));
    // Null, so that the others keep their positions.
    if (Array.isArray(node)) return node.map((item: JsonValue, i) => (keeps(i) ? copy(item, [...path, i]) : null));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).filter(([key]) => keeps(key)).map(([key, item]) => [key, copy(item, [...path, key])]));
  };
  return drop.size === 0 ? value : (copy(value, []) as JsonObject);
}
