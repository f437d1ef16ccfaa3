// What the boards ask of Prometheus, over its HTTP API.

/// "15s", "1m30s" in seconds.
export function inSeconds(duration) {
  const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdw])/g)];
  if (!parts.length || parts.map(([part]) => part).join('') !== duration) {
    throw new Error(`${duration} is no duration; write e.g. 2m or 1h30m`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + count * units[unit], 0);
}

export class PrometheusClient {
  /// `url` as of its web page: http://127.0.0.1:9090
  constructor(url) {
    this.url = url.replace(/\/$/, '');
  }

  /// Throws what Prometheus says when it refuses.
  async get(path, words = {}) {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(words)}`).catch(({ message, cause }) => {
      throw new Error(`no Prometheus answers at ${this.url} (${cause?.message ?? message}): give the address of its web page`);
    });
    const body = await answer.json().catch(() => ({ error: `HTTP ${answer.status}, not JSON` }));
    if (body.status !== 'success') throw new Error(`Prometheus: ${body.error}`);
    return body.data;
  }

  /// [{labels, points: [[seconds, number], ...]}] from `start` to `end`, each `step` seconds.
  async range(query, { start, end, step }) {
    const { result } = await this.get('query_range', { query, start, end, step });
    return result.map(({ metric, values }) => ({ labels: metric, points: values.map(numbers) }));
  }

  /// The same with one point each, at `time`.
  async instant(query, time) {
    const { resultType, result } = await this.get('query', { query, time });
    if (resultType !== 'vector') throw new Error(`${query} gives a ${resultType}, not a vector`);
    return result.map(({ metric, value }) => ({ labels: metric, points: [numbers(value)] }));
  }

  /// Values of a label of the series that `selector` means, sorted.
  async labelValues(selector, label, { start, end }) {
    return this.get(`label/${label}/values`, { 'match[]': selector, start, end });
  }

  /// How often it scrapes, in seconds, by its configuration.
  async scrapeInterval() {
    const { yaml } = await this.get('status/config');
    return inSeconds(yaml.match(/^ *scrape_interval: (\S+)$/m)?.[1] ?? '1m');
  }
}

const numbers = ([time, text]) => [time, Number(text.replace(/^([+-])Inf$/, '$1Infinity'))];
