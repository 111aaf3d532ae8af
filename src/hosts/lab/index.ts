export { OPEN_PIPELINES, pipelinesPlugin } from './plugin.js';
