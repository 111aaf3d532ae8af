// `npm run example`: the Greenland granules to a store, from a fresh clone with node and npm alone.
import { commandBundle, nodePackages, run } from './setup.mjs';

const config = 'examples/greenland/greenland.magg.yaml';
const ready = nodePackages() && commandBundle();
process.exitCode = ready && run(process.execPath, ['magg/bundle/magg.mjs', 'run', config, '--overwrite', ...process.argv.slice(2)]) ? 0 : 1;
