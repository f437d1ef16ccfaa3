// A real Prometheus with the shipped configuration and rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrometheusClient } from '../dashboards/prometheus_client.mjs';
import { freePort, root } from './harness.mjs';
import { Program, temporaryFolder } from './processes.mjs';

const shipped = (name) => readFileSync(join(root, 'dashboards/prometheus', name), 'utf8');

/// Scrapes the targets ("host:port") and evaluates the rules each `interval`; what these wait for (`for`) is a
/// second: {url, client, folder, firing(), scraped(), stop()}.
export async function startPrometheus(targets, interval) {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = shipped('prometheus.yml').replaceAll(/(_interval: )\d+s/g, `$1${interval}`)
    .replace('  scrape_interval', `  scrape_timeout: ${interval}\n  scrape_interval`)
    .replace(/targets: \["127.0.0.1:9464"\]/, `targets: ${JSON.stringify(targets)}`);
  writeFileSync(join(folder, 'prometheus.yml'), config);
  writeFileSync(join(folder, 'gleaner.rules.yml'), shipped('gleaner.rules.yml').replaceAll(/for: \d+[mh]/g, 'for: 1s'));
  const program = new Program('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`]);
  await program.line(/Server is ready/);
  const url = `http://127.0.0.1:${port}`;
  const client = new PrometheusClient(url);
  return {
    url, client, folder,
    /// Names of the alerts that fire, sorted.
    firing: async () => (await client.get('alerts')).alerts.filter(({ state }) => state === 'firing')
      .map(({ labels }) => labels.alertname).sort(),
    /// How many targets have been scraped.
    scraped: async () => (await client.get('targets')).activeTargets.filter(({ health }) => health === 'up').length,
    stop: async () => program.stop(),
  };
}
