// Builds the JupyterLab panel. Its builder is a Python program: the one on the PATH, else that of `.venv`, made when it is missing.
import { spawnSync } from 'node:child_process';
import { env, pythonPackages, run } from './setup.mjs';

const found = () => !spawnSync('jupyter-builder', ['--version'], { env, stdio: 'ignore' }).error;
process.exitCode = (found() || pythonPackages()) && run('jupyter-builder', ['build', '.']) ? 0 : 1;
