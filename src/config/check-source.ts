import type { Partially } from './partial.js';
import { nearestName } from './nearest-name.js';
import type { Dataset, DataSource as DataSourceSection, Filter } from './pipeline-document.generated.js';
import type { Path, Report } from './report.js';

/** Placeholders told of one path: each is looked for in the text. */
const MAX_TOLD = 3;
const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * Every path of the source has `{group}` when there are groups, and none has when there are not; every level that a dataset
 * names is there.
 */
export function checkSource(source: Partially<DataSourceSection>, report: Report): void {
  // Wrong groups are groups too.
  const hasGroups = source.groups !== undefined || report.hasError(['data_source', 'groups']);
  const check = (template: string | undefined, path: Path): void => {
    if (template !== undefined) checkTemplate(template, ['data_source', ...path], hasGroups, report);
  };
  const used = new Set<string>();
  const checkLong = (written: Partially<Exclude<Dataset, string>>, path: Path): void => {
    check(written.dataset, [...path, 'dataset']);
    if (written.level === undefined) return;
    used.add(written.level);
    checkLevel(written.level, source, ['data_source', ...path, 'level'], report);
  };
  const checkDataset = (written: Partially<Dataset> | undefined, path: Path): void => {
    if (typeof written === 'string') check(written, path);
    else if (written) checkLong(written, path);
  };
  for (const [name, level] of Object.entries(source.levels ?? {})) {
    check(level?.index, ['levels', name, 'index']);
    check(level?.count, ['levels', name, 'count']);
  }
  checkDataset(source.coordinates?.latitude, ['coordinates', 'latitude']);
  checkDataset(source.coordinates?.longitude, ['coordinates', 'longitude']);
  for (const [name, dataset] of Object.entries(source.variables ?? {})) checkDataset(dataset, ['variables', name]);
  if (source.quality_filter) checkLong(source.quality_filter, ['quality_filter']);
  source.filters?.forEach((filter: Partially<Filter> | null, i) => filter && checkLong(filter, ['filters', i]));
  for (const name of Object.keys(source.levels ?? {})) {
    if (!used.has(name)) report.add({ code: 'unused-key', severity: 'warning', at: 'key', path: ['data_source', 'levels', name], message: `no dataset has the level ${name}: name it where a dataset has its rows, as in {dataset: ..., level: ${name}}` });
  }
}

function checkLevel(name: string, { levels = {} }: Partially<DataSourceSection>, path: Path, report: Report): void {
  if (Object.hasOwn(levels, name) || report.hasErrorWithin(['data_source', 'levels'])) return;
  const names = Object.keys(levels);
  const near = nearestName(name, names);
  const rest = near !== undefined ? `; did you mean ${near}?` : names.length > 0 ? `; the levels are ${names.join(', ')}` : ', which is missing: say there where the rows of a level begin (index) and how many each covers (count)';
  report.add({ code: 'unknown-level', path, message: `${name} is no level of data_source.levels${rest}`, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near } });
}

function checkTemplate(template: string, path: Path, hasGroups: boolean, report: Report): void {
  const found = [...template.matchAll(PLACEHOLDER)];
  const wrong = found.filter(([, name]) => !hasGroups || name !== 'group');
  for (const { 0: text, 1: name, index } of wrong.slice(0, MAX_TOLD)) {
    const message = hasGroups
      ? `${text} stands for nothing here: the only placeholder is {group}`
      : `${text} stands for a group, and data_source.groups is missing: list the groups, or write the path without ${text}`;
    const fix = hasGroups && name !== 'group' ? { title: 'Change to {group}', replacement: '{group}' } : undefined;
    report.add({ code: 'template', path, message, span: { from: index, to: index + text.length }, fix });
  }
  if (hasGroups && found.length === 0) {
    report.add({ code: 'template', path, message: `the path has no {group}, so that every group would read the same dataset: write {group} where the group's name belongs, as in /{group}/...` });
  }
}
