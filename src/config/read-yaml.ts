import { isAlias, isMap, isPair, isScalar, isSeq, visit, type Alias, type Document, type Node, type Pair, type Scalar } from 'yaml';
import type { JsonObject, JsonValue } from '../base/index.js';
import { composeYaml } from './compose-yaml.js';
import { Report, type Path } from './report.js';
import { typesAt } from './schema-lookup.js';
import { YamlPlaces } from './yaml-places.js';
import { readPlainScalar, type ScalarValue } from './yaml-scalar.js';

/** Values that aliases may stand for: each use counts, and a few lines of them can stand for billions. */
const MAX_ALIASED = 10_000;
const MAX_DEPTH = 40;
/** One bracket that is never closed can make an error of each one around it. */
const MAX_ERRORS = 20;
const CORE_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'timestamp'].map(name => `tag:yaml.org,2002:${name}`));

interface Reader {
  readonly document: Document;
  readonly places: YamlPlaces;
  readonly report: Report;
  /** Values read through aliases so far, and how many aliases the one at hand is within. */
  aliased: number;
  within: number;
  isAliasedTold: boolean;
  /** What each alias stands for; made at the first one, since looking for one anchor takes as long as for all. */
  targets: ReadonlyMap<Alias, Node> | undefined;
  /** Mappings that are being merged, against those that merge themselves. */
  readonly merging: Set<Node>;
}

/** The value of a YAML text and the problems of reading it. `value` is undefined when the text is no YAML. Never throws. */
export function readYaml(text: string): { readonly value: JsonValue | undefined; readonly report: Report } {
  const places = new YamlPlaces(text);
  const report = new Report(places);
  const composed = composeYaml(text);
  if (composed.kind !== 'document') {
    const place = composed.kind === 'too-deep' ? { from: composed.at, to: Math.min(composed.at + 1, text.length) } : undefined;
    const message = composed.kind === 'too-deep' ? `the values are nested too deeply to be read; a config has at most ${MAX_DEPTH} levels` : `the text has ${text.length} characters; a config has at most ${composed.most}`;
    report.addAt(place, { code: 'yaml-syntax', message, path: [] });
    return { value: undefined, report };
  }
  const { document, second } = composed;
  const firstTab = document.errors.find(({ code }) => code === 'TAB_AS_INDENT')?.pos[0] ?? Infinity;
  const errors = document.errors.slice(0, MAX_ERRORS);
  for (const [i, { code, message, pos }] of errors.entries()) {
    // One for each bracket that is open at the end.
    if (i > 0 && errors[i - 1]!.pos[0] === pos[0] && errors[i - 1]!.message === message) continue;
    // What follows a tab is read with the wrong indentation: only the tabs are worth telling.
    if (code !== 'TAB_AS_INDENT' && pos[0] >= firstTab) continue;
    const [from, to] = pos;
    const problem = code === 'TAB_AS_INDENT'
      ? { code: 'yaml-tab' as const, message: 'a tab stands where YAML takes only spaces: indent with spaces', path: [], fix: { title: 'Replace the tab by spaces', replacement: '  ' } }
      : { code: 'yaml-syntax' as const, message: syntaxMessage(code, message), path: [] };
    const tab = text.indexOf('\t', from);
    report.addAt(code === 'TAB_AS_INDENT' && tab >= 0 && tab < to ? { from: tab, to: tab + 1 } : { from, to: Math.max(from, Math.min(to, text.length)) }, problem);
  }
  if (second) report.addAt(second, { code: 'yaml-syntax', message: 'expected one YAML document, found a second one after ---: keep one config a file', path: [] });
  if (report.failed) return { value: undefined, report };
  const reader: Reader = { document, places, report, aliased: 0, within: 0, isAliasedTold: false, targets: undefined, merging: new Set() };
  const value = document.contents ? read(reader, document.contents, [], { key: undefined, isFlow: false }) : null;
  return { value: reader.aliased > MAX_ALIASED ? undefined : value, report };
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'BAD_SCALAR_START') return `this is no YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}: put the text in quotes`;
  return `this is no YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

interface Where {
  readonly key: Scalar | undefined;
  readonly isFlow: boolean;
}

function read(reader: Reader, node: Node | null, path: Path, where: Where): JsonValue {
  const { report, places } = reader;
  const keyRange = where.key?.range;
  const key = keyRange ? { from: keyRange[0], to: keyRange[1] } : undefined;
  const range = node?.range;
  places.set(path, {
    key,
    value: range ? { from: range[0], to: range[1] } : { from: key?.to ?? 0, to: key?.to ?? 0 },
    scalar: isScalar(node) ? node : undefined,
    isFlow: where.isFlow
  });
  if (reader.within > 0) reader.aliased++;
  if (path.length > MAX_DEPTH || reader.aliased > MAX_ALIASED) {
    if (path.length > MAX_DEPTH || !reader.isAliasedTold) report.add({ code: 'yaml-syntax', message: `expected at most ${MAX_DEPTH} levels, and at most ${MAX_ALIASED} values that aliases stand for`, path });
    reader.isAliasedTold ||= reader.aliased > MAX_ALIASED;
    return null;
  }
  if (node === null) return null;
  if (isAlias(node)) {
    const target = targetOf(reader, node);
    if (target) {
      reader.within++;
      const value = read(reader, target, path, { ...where, isFlow: true });
      reader.within--;
      return value;
    }
    // No anchor has such a name: a glob without quotes.
    const glob = /[./*?]/.test(node.source) ? JSON.stringify(`*${node.source}`) : undefined;
    report.add({
      code: 'yaml-syntax', path,
      message: `*${node.source} refers to an anchor &${node.source} that is not defined before it${glob === undefined ? '' : `: in YAML a text that begins with * stands in quotes, ${glob}`}`,
      fix: glob === undefined ? undefined : { title: 'Put it in quotes', replacement: typesAt(path)[0] === 'array' ? `[${glob}]` : glob }
    });
    return null;
  }
  if (node.tag !== undefined && !CORE_TAGS.has(node.tag) && node.tag !== '!') {
    report.add({ code: 'yaml-syntax', message: `the tag ${node.tag} is not allowed: a config holds plain data`, path });
    return null;
  }
  if (isScalar(node)) return readScalar(reader, node, path);
  if (isSeq(node)) return node.items.map((item, i) => read(reader, isPair(item) ? null : (item as Node | null), [...path, i], { key: undefined, isFlow: node.flow ?? false }));
  return isMap(node) ? readMap(reader, node.items as Pair<Node, Node | null>[], path, node.flow ?? false) : null;
}

function targetOf(reader: Reader, alias: Alias): Node | undefined {
  return (reader.targets ??= findTargets(reader.document)).get(alias);
}

/** The last node before an alias that has its anchor. */
function findTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    }
  });
  return targets;
}

function readMap(reader: Reader, items: readonly Pair<Node, Node | null>[], path: Path, isFlow: boolean): JsonValue {
  const { report, places } = reader;
  const own = new Map<string, JsonValue>();
  const merged = new Map<string, JsonValue>();
  for (const { key, value } of items) {
    if (!isScalar(key)) {
      report.add({ code: 'yaml-syntax', message: 'a key must be a name, found a list, a mapping or an alias', path });
      continue;
    }
    const name = textOf(key);
    if (/\p{Surrogate}/u.test(name)) {
      report.add({ code: 'yaml-syntax', message: 'a key holds half of a character pair (an escape between \\ud800 and \\udfff): write the whole character', path });
      continue;
    }
    if (name === '<<' && key.type === 'PLAIN') {
      for (const [mergedName, mergedValue] of mergedEntries(reader, value, path)) merged.set(mergedName, mergedValue);
      continue;
    }
    const inner = [...path, name];
    if (own.has(name)) {
      const first = places.key(inner);
      const line = first ? places.position(first.from).line : 1;
      report.addAt(key.range ? { from: key.range[0], to: key.range[1] } : undefined, {
        code: 'duplicate-key', message: `${name} is already there in line ${line}: keep one of the two`, path: inner
      });
      continue;
    }
    own.set(name, read(reader, value, inner, { key, isFlow }));
  }
  // An empty value (null) is a key that is not there: old files leave optional keys empty.
  return Object.fromEntries([...merged, ...own].filter(([, value]) => value !== null));
}

/** `<<: *defaults` or `<<: [*a, *b]`: the first of several wins. */
function mergedEntries(reader: Reader, node: Node | null, path: Path): [string, JsonValue][] {
  const target = isAlias(node) ? targetOf(reader, node) : node;
  if (target && !reader.merging.has(target) && ++reader.aliased <= MAX_ALIASED) {
    reader.merging.add(target);
    try {
      if (isSeq(target)) return [...target.items].reverse().flatMap(item => mergedEntries(reader, item as Node, path));
      if (isMap(target)) return Object.entries(readMap(reader, target.items as Pair<Node, Node | null>[], path, true) as JsonObject);
    } finally {
      reader.merging.delete(target);
    }
  }
  reader.report.add({ code: 'yaml-syntax', message: '<< takes a mapping or an alias of one, and not of itself', path });
  return [];
}

/** The failsafe schema makes every scalar a text. */
const textOf = ({ value, source }: Scalar): string => (typeof value === 'string' ? value : (source ?? ''));

function readScalar(reader: Reader, node: Scalar, path: Path): JsonValue {
  const { report } = reader;
  const text = textOf(node);
  if (node.tag === 'tag:yaml.org,2002:str' || (node.type !== 'PLAIN' && node.tag === undefined)) return text;
  const { value, newer } = readPlainScalar(text);
  if ([value, newer].some(number => typeof number === 'number' && !Number.isFinite(number))) {
    report.add({ code: 'wrong-value', path, message: `the number ${text.length > 40 ? `${text.slice(0, 37)}...` : text} is beyond float64, which reaches 1.8e308` });
    return null;
  }
  if (newer === undefined) return asJson(value, text, path);
  const types = typesAt(path);
  // PyYAML's text is taken where a text belongs; where a number belongs nothing but the number can be meant.
  const isTextMeantAsNumber = typeof value === 'string' && typeof newer === 'number';
  if (isTextMeantAsNumber && !types.includes('number') && !types.includes('integer')) return text;
  const taken = isTextMeantAsNumber ? newer : value;
  const spelled = spell(taken);
  report.add({
    code: 'yaml-difference', severity: 'warning', path,
    message: `${text} is ${describe(value)} in YAML 1.1 (PyYAML) and ${describe(newer)} in YAML 1.2; taken as ${describe(taken)}: write ${spelled} to be clear`,
    fix: { title: `Write ${spelled}`, replacement: spelled }
  });
  return asJson(taken, text, path);
}

/** Numbers beyond 2^53 keep their digits as text where that matters: fill values of 64-bit integers. */
function asJson(value: ScalarValue, text: string, path: Path): JsonValue {
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(text);
  return isLong && path.at(-1) === 'fill_value' ? text.replace(/^\+/, '') : value;
}

const describe = (value: ScalarValue): string => (typeof value === 'string' ? `the text "${value}"` : value === null ? 'nothing' : String(value));

/** A number that both versions read alike: YAML 1.1 wants a point and a signed exponent. */
function spell(value: ScalarValue): string {
  const text = String(value);
  return typeof value === 'number' ? text.replace(/^(-?\d+)e/, '$1.0e') : text;
}
