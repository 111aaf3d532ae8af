import type { Interval } from './expand-total.js';
import type { SampleEstimate } from './sample-meter.js';
import { formatBytes, formatCount, formatNumber } from './summary-text.js';

const METHOD = "simple expansion of a simple random sample of the cells without replacement: N times the mean; 95 % by Student's t with the correction for a finite population";

/** What an estimate rests on, as sentences. */
export function assumptions({ granulesRead, granulesPlanned, cellsSampled, cellsFailed, cellsCurrent, isContinued, timeS }: SampleEstimate): readonly string[] {
  return [
    ...(timeS === undefined
      ? ['no cell was computed now, so nothing is said of the time; another --seed or a larger --sample computes some']
      : [
          `time: that of reading grows with the rows of all ${formatCount(granulesPlanned, 'granule')} (${formatNumber(granulesRead)} were read, those that touch the sample, which are rather the larger ones), that of computing with the cells that are left; same machine, same --workers, files as near as now`
        ]),
    ...(isContinued ? ['the store was there before: where only parts of granules had to be read, the whole takes longer than this'] : []),
    'output: chunks of the variables, without ids, overviews and the journal',
    ...(cellsSampled < 30 ? [`${formatNumber(cellsSampled)} cells are few: where a few cells hold most of the rows, the interval is too narrow`] : []),
    ...(cellsFailed > 0 ? [`${formatNumber(cellsFailed)} of the sample failed and count as if they had not been drawn`] : []),
    ...(cellsCurrent > 0 ? [`${formatNumber(cellsCurrent)} of the sample were done before; their time is not known`] : [])
  ];
}

/** The estimate as lines for a person. */
export function estimateLines(estimate: SampleEstimate): readonly string[] {
  const { sample, cellsSampled, cellsPlanned, observations, outputBytes, timeS } = estimate;
  const whole = (value: number): string => formatNumber(Number(value.toPrecision(3)));
  return [
    `sample: ${formatNumber(cellsSampled)} of ${formatCount(cellsPlanned, 'cell')} (share ${sample.share}, seed ${sample.seed}); the whole will take, with 95 % intervals:`,
    `  time of the rest  ${timeS === undefined ? 'not known' : intervalText(timeS, secondsText)}`,
    `  observations      ${intervalText(observations, whole)}`,
    `  output            ${intervalText(outputBytes, formatBytes)}`,
    `  how: ${METHOD}`,
    ...assumptions(estimate).map(text => `  ${text}`),
    'the same command without --sample computes the rest; these cells stay as they are'
  ];
}

function intervalText({ estimate, low, high }: Interval, text: (value: number) => string): string {
  return low === null || high === null ? `${text(estimate)} (one cell or granule gives no interval)` : low === high ? text(estimate) : `${text(estimate)} (${text(low)} to ${text(high)})`;
}

const secondsText = (seconds: number): string =>
  seconds < 90 ? `${seconds.toPrecision(2)} s` : seconds < 5400 ? `${(seconds / 60).toPrecision(2)} min` : `${(seconds / 3600).toPrecision(2)} h`;

/** The estimate as the last line of `--json`. */
export function estimateJson(estimate: SampleEstimate): unknown {
  const { sample, cellsSampled, cellsPlanned, cellsCurrent, cellsFailed, granulesRead, granulesPlanned, observations, outputBytes, timeS } = estimate;
  return {
    type: 'sample-estimate', share: sample.share, seed: sample.seed, confidence: 0.95, method: METHOD,
    cells_sampled: cellsSampled, cells_planned: cellsPlanned, cells_current: cellsCurrent, cells_failed: cellsFailed, granules_read: granulesRead, granules_planned: granulesPlanned,
    observations, output_bytes: outputBytes, time_s: timeS ?? null, assumptions: assumptions(estimate)
  };
}
