import type { Partially } from './partial.js';
import type { DataSource as DataSourceSection } from './pipeline-document.generated.js';
import type { Path, Report } from './report.js';

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Every path of the source has `{group}` when there are groups, and none has when there are not. */
export function checkSource(source: Partially<DataSourceSection>, report: Report): void {
  // Wrong groups are groups too.
  const hasGroups = source.groups !== undefined || report.hasError(['data_source', 'groups']);
  const check = (template: string | undefined, path: Path): void => {
    if (template !== undefined) checkTemplate(template, ['data_source', ...path], hasGroups, report);
  };
  check(source.coordinates?.latitude, ['coordinates', 'latitude']);
  check(source.coordinates?.longitude, ['coordinates', 'longitude']);
  for (const [name, template] of Object.entries(source.variables ?? {})) check(template, ['variables', name]);
  check(source.quality_filter?.dataset, ['quality_filter', 'dataset']);
}

function checkTemplate(template: string, path: Path, hasGroups: boolean, report: Report): void {
  const found = [...template.matchAll(PLACEHOLDER)];
  const wrong = found.filter(([, name]) => !hasGroups || name !== 'group');
  for (const { 0: text, 1: name, index } of wrong) {
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
