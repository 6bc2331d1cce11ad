/* global uPlot */
// Runs in the page of a report: draws its charts from the JSON in the page, in the colours of the page's style.

const report = JSON.parse(document.getElementById('report').textContent);
const HEIGHT = 210;
const { samples } = report;
const times = samples.map(({ t }) => t);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const counter = (name) => samples.map(({ counters }) => counters[name]);
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const UNITS = {
  count: (value) => short.format(value),
  ms: (value) => (value >= 1000 ? `${short.format(value / 1000)} s` : `${short.format(value)} ms`),
  percent: (value) => `${Math.round(value)} %`,
  mebibytes: (value) => `${Math.round(value)} MiB`,
};

const scaled = (value, scale) => (value === undefined ? null : value / scale);

/** Lines of percentiles; where nothing was measured there is no point. */
const percentiles = (kind) =>
  [
    ['p50', 'p1'],
    ['p90', 'p2'],
    ['p99', 'p3'],
    ['max', 'p4'],
  ].map(([name, stroke]) => ({
    label: name,
    stroke,
    values: samples.map((sample) => (sample[kind].count === 0 ? null : sample[kind][name])),
  }));

function byProcess(field, scale = 1) {
  const names = [...new Set(samples.flatMap(({ processes }) => Object.keys(processes)))].sort();
  return names.map((name, i) => ({
    label: name,
    stroke: `c${(i % 8) + 1}`,
    dash: i >= 8 ? [5, 4] : undefined,
    values: samples.map(({ processes }) => scaled(processes[name]?.[field], scale)),
  }));
}

const charts = {
  delivery: { unit: 'ms', log: true, series: percentiles('delivery') },
  ack: { unit: 'ms', log: true, series: percentiles('ack') },
  deliveries: {
    unit: 'count',
    series: [{ label: 'deliveries/s', stroke: 'c1', values: counter('deliveries'), fill: true }],
  },
  messages: {
    unit: 'count',
    series: [
      { label: 'sent/s', stroke: 'c2', values: counter('sent') },
      { label: 'acknowledged/s', stroke: 'c3', values: counter('acked') },
      { label: 'waiting', stroke: 'c7', values: samples.map(({ backlog }) => backlog) },
    ],
  },
  connections: {
    unit: 'count',
    series: [
      { label: 'connected', stroke: 'c1', values: samples.map(({ connected }) => connected), fill: true },
      { label: 'connects/s', stroke: 'c2', values: counter('ready') },
    ],
  },
  errors: {
    unit: 'count',
    series: [
      { label: 'refused/s', stroke: 'c8', values: counter('refused') },
      { label: 'not sent/s', stroke: 'c2', values: counter('notSent') },
      { label: 'sent again/s', stroke: 'c5', values: counter('retried') },
      { label: 'failed connects/s', stroke: 'c4', values: counter('failed') },
      { label: 'gaps/s', stroke: 'c6', values: counter('gaps') },
    ],
  },
  cpu: { unit: 'percent', series: byProcess('cpu') },
  memory: { unit: 'mebibytes', series: byProcess('memory', 1024 * 1024) },
  lag: {
    unit: 'ms',
    series: [
      { label: "tester's longest delay", stroke: 'c8', values: samples.map(({ lag }) => lag), fill: true },
    ],
  },
};

/** Where a phase begins: a thin line with its name. */
function phaseMarks(plot) {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.fillStyle = colour('soft');
  ctx.strokeStyle = colour('p4');
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  let free = bbox.left;
  for (const { t, name } of report.phases.slice(1)) {
    const x = Math.round(plot.valToPos(t, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const end = x + ctx.measureText(name).width + 8 * ratio;
    if (x < free || end > bbox.left + bbox.width) continue;
    ctx.fillText(name, x + 4 * ratio, bbox.top + 11 * ratio);
    free = end;
  }
  ctx.restore();
}

function axis(extra) {
  const grid = { stroke: colour('grid'), width: 1 };
  return { stroke: colour('soft'), font: '12px system-ui, sans-serif', grid, ticks: grid, ...extra };
}

function draw(element, { unit, log, series }) {
  const format = UNITS[unit];
  const options = {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { sync: { key: 'run' }, points: { size: 6 } },
    scales: {
      x: { time: false },
      y: log ? { distr: 3 } : { range: (_, __, max) => [0, Math.max(1, max * 1.08)] },
    },
    axes: [
      axis({ values: (_, ticks) => ticks.map((tick) => `${tick} s`) }),
      axis({ size: 74, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))) }),
    ],
    series: [
      { label: 'at', value: (_, value) => (value === null ? '' : `${value} s`) },
      ...series.map(({ label, stroke, fill, dash }) => ({
        label,
        stroke: colour(stroke),
        width: 1.75,
        dash,
        fill: fill ? `${colour(stroke)}22` : undefined,
        points: { show: samples.length < 3 },
        value: (_, value) => (value === null ? '–' : format(value)),
      })),
    ],
    hooks: { draw: [phaseMarks] },
  };
  element.replaceChildren();
  return new uPlot(options, [times, ...series.map(({ values }) => values)], element);
}

let plots = [];
function drawAll() {
  for (const plot of plots) plot.destroy();
  plots = [...document.querySelectorAll('[data-chart]')].map((element) =>
    draw(element, charts[element.dataset.chart]),
  );
}

drawAll();
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
let resizing;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(drawAll, 100);
});
