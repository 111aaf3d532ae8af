import { parseConfig } from '../../config/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { formatDiagnostic, readConfigText } from './read-config.js';

/** `magg validate`: 0 when the config can be run, warnings or not; 2 when it cannot. */
export function validateCommand(name: string, json: boolean): ExitCode {
  const source = readConfigText(name);
  const { config, diagnostics } = parseConfig(source.text, { fileName: source.name });
  if (json) process.stdout.write(`${JSON.stringify({ config: source.name, valid: config !== undefined, diagnostics })}\n`);
  else {
    for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(source.name, diagnostic)}\n`);
    if (config) process.stdout.write(`${source.name}: valid, ${config.variables.length} variables at order ${config.grid.childOrder}\n`);
  }
  return config ? EXIT.ok : EXIT.refused;
}
