// What a fresh clone lacks for the bench; imported before everything else. The stages are measured in lib/, all else is the command itself.
import { commandBundle, nodePackages, pythonPackages, run } from '../.ci/setup.mjs';

const asked = process.argv.slice(2);
const needsLib = asked.length === 0 || asked.includes('stages');
if (!pythonPackages() || !nodePackages() || !commandBundle() || (needsLib && !run('npm', ['run', '-s', 'build:lib']))) process.exit(1);
