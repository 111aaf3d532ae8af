import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { MaggError } from '../../base/index.js';
import { builtInConfig, builtInNames, nearestName, parseConfig, type Diagnostic, type PipelineConfig } from '../../config/index.js';
import { printable } from './cli-host.js';
import { readText } from './read-text.js';

export interface ConfigText {
  /** As the user wrote it, for messages. */
  readonly name: string;
  readonly text: string;
  /** Folder against which relative paths in the config are resolved. */
  readonly folder: string;
}

/** The text of a config file, or of a built-in config when no such file exists. */
export function readConfigText(name: string): ConfigText {
  if (!existsSync(name)) {
    const builtIn = builtInConfig(name);
    if (builtIn !== undefined) return { name: `built-in ${name}`, text: builtIn, folder: '.' };
    const near = nearestName(name, builtInNames());
    throw new MaggError('config', `the config ${name} does not exist; give the path of a config file or one of the built-in names: ${builtInNames().join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
  }
  return { name, text: readText(name, 'the config', 'config', 'give the path of a YAML file, or a built-in name'), folder: dirname(name) };
}

/** `file:line:column: error: message`, as editors understand it. */
export function formatDiagnostic(name: string, { severity, message, line, column, code, fix }: Diagnostic): string {
  return `${name}:${line}:${column}: ${severity}: ${message} [${code}]${fix ? `\n    fix: ${fix.title}` : ''}`;
}

/** The config, or an error that lists everything wrong with it. Warnings go to `warn`, one each. */
export function readConfig(name: string, warn: (line: string) => void): { readonly config: PipelineConfig; readonly source: ConfigText } {
  const source = readConfigText(name);
  const { config, diagnostics } = parseConfig(source.text, { fileName: source.name });
  const lines = diagnostics.map(diagnostic => printable(formatDiagnostic(source.name, diagnostic)));
  if (!config) {
    throw new MaggError('config', `the config has problems; nothing was started\n${lines.join('\n')}`);
  }
  lines.forEach(warn);
  return { config, source };
}
