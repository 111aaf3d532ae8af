import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MaggError } from '../../base/index.js';
import { builtInConfig, builtInNames, parseConfig, type Diagnostic, type PipelineConfig } from '../../config/index.js';

export interface ConfigText {
  /** As the user wrote it, for messages. */
  readonly name: string;
  readonly text: string;
  /** Folder against which relative paths in the config are resolved. */
  readonly folder: string;
}

/** The text of a config file, or of a built-in config when no such file exists. */
export function readConfigText(name: string): ConfigText {
  try {
    return { name, text: readFileSync(name, 'utf8'), folder: dirname(name) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      const builtIn = builtInConfig(name);
      if (builtIn !== undefined) return { name: `built-in ${name}`, text: builtIn, folder: '.' };
      throw new MaggError('config', `${name} does not exist; give the path of a config file or one of the built-in names: ${builtInNames().join(', ')}`, { cause });
    }
    throw new MaggError('config', `${name} could not be read (${code}); give the path of a readable YAML file`, { cause });
  }
}

/** `file:line:column: error: message`, as editors understand it. */
export function formatDiagnostic(name: string, { severity, message, line, column, code, fix }: Diagnostic): string {
  return `${name}:${line}:${column}: ${severity}: ${message} [${code}]${fix ? `\n    fix: ${fix.title}` : ''}`;
}

/** The config, or an error that lists everything wrong with it. Warnings go to `warn`, one line each. */
export function readConfig(name: string, warn: (line: string) => void): { readonly config: PipelineConfig; readonly source: ConfigText } {
  const source = readConfigText(name);
  const { config, diagnostics } = parseConfig(source.text, { fileName: source.name });
  const lines = diagnostics.map(diagnostic => formatDiagnostic(source.name, diagnostic));
  if (!config) {
    throw new MaggError('config', `the config has problems; nothing was started\n${lines.join('\n')}`);
  }
  lines.forEach(warn);
  return { config, source };
}
