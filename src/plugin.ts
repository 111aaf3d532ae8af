import { pipelinesPlugin } from './hosts/lab/index.js';

/** What JupyterLab loads. */
export default [pipelinesPlugin];
