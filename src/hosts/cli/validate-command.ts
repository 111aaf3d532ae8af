import { parseConfig } from '../../config/index.js';
import { printable, type CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { formatDiagnostic, readConfigText } from './read-config.js';

/** `magg validate`: 0 when the config can be run, warnings or not; 2 when it cannot. */
export function validateCommand(name: string, json: boolean, { out }: CliHost): ExitCode {
  const source = readConfigText(name);
  const { config, diagnostics } = parseConfig(source.text, { fileName: source.name });
  if (json) out(`${JSON.stringify({ config: source.name, valid: config !== undefined, diagnostics })}\n`);
  else {
    for (const diagnostic of diagnostics) out(`${printable(formatDiagnostic(source.name, diagnostic))}\n`);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    if (config) out(`${source.name}: valid, ${config.variables.length} variables at order ${config.grid.childOrder}\n`);
    else out(`${source.name}: not valid, ${errors} ${errors === 1 ? 'error' : 'errors'}\n`);
  }
  return config ? EXIT.ok : EXIT.refused;
}
