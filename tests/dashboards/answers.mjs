// What Prometheus answers to all queries of a board.
import { panelsOf } from './boards.mjs';
import { Choice, valuesOf } from './variables.mjs';

/// What a series is called: {{label}} of the target's legend filled in, or all its labels.
export function seriesName({ legendFormat }, labels) {
  if (legendFormat) return legendFormat.replace(/\{\{ *(\w+) *\}\}/g, (_, label) => labels[label] ?? '');
  return Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(', ');
}

/// [{panel, targets: [{target, query, series: [{name, labels, points}], error}]}] of a board. `times` has start,
/// end, step and scrape, in seconds.
async function panelAnswers(board, choice, client, times) {
  return Promise.all(panelsOf(board).map(async (panel) => ({
    panel,
    targets: await Promise.all(panel.targets.map(async (target) => {
      const query = choice.replace(target.expr, times);
      const asked = target.instant ? client.instant(query, times.end) : client.range(query, times);
      return asked.then(
        (series) => ({ target, query, series: series.map((each) => ({ ...each, name: seriesName(target, each.labels) })) }),
        (error) => ({ target, query, series: [], error: error.message }));
    })),
  })));
}

/// [{name, color, query, events: [[from, to, text], ...]}]: points in time, or times while something was so.
async function annotationAnswers(board, choice, client, times) {
  return Promise.all(board.annotations.list.map(async (annotation) => {
    const query = choice.replace(annotation.expr, times);
    const series = await client.range(query, times);
    const events = series.flatMap(({ labels, points }) => {
      const text = seriesName({ legendFormat: annotation.textFormat }, labels);
      const when = points.filter(([, value]) => value > 0)
        .map(([time, value]) => (annotation.useValueForTime ? Math.floor(value) / 1000 : time));
      return together(when, times.step).map(([from, to]) => [from, to, text]);
    });
    return { name: annotation.name, color: annotation.iconColor, query, events };
  }));
}

/// Times that follow each other within a step are one event.
function together(times, step) {
  const events = [];
  for (const time of times) {
    const last = events.at(-1);
    if (last && time <= last[1] + step) last[1] = Math.max(last[1], time);
    else events.push([time, time]);
  }
  return events;
}

/// Everything that a board shows of the last `range` seconds: {choice, times, panels, annotations}. `picked` as of
/// Choice, `points` is how many steps a line has at most.
export async function answersFor(board, client, { range, end = Date.now() / 1000, points = 240, picked }) {
  const scrape = await client.scrapeInterval();
  const step = Math.max(scrape, Math.ceil(range / points));
  const last = Math.floor(end / step) * step; // as Grafana does, so that a refresh moves no line
  const times = { start: last - Math.ceil(range / step) * step, end: last, step, scrape };
  const known = await valuesOf(board, client, times);
  const choice = new Choice(board, known, picked);
  const [panels, annotations] = await Promise.all([panelAnswers(board, choice, client, times), annotationAnswers(board, choice, client, times)]);
  return { choice, times, panels, annotations };
}
