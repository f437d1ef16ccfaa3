// A day's trouble in short, with a Prometheus that watches: a backlog, an API that refuses and fails, a queue that is
// paused, a node that is lost, a worker that is killed, credits that come to an end, a Redis that is away.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterCertificates } from '../faults/cluster_certificates.mjs';
import { ClusterStage } from '../faults/cluster_stage.mjs';
import { freePort } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { startPrometheus } from '../system/prometheus.mjs';

const hostOf = ({ http }) => new URL(http).host;

/// Some have duplicates, some nothing, some pages that contradict each other or contacts that nobody can use.
const domains = ['c250-#.test', 'c40-#.test', 'c120-dups-#.test', 'c5-#.test', 'c180-#.test', 'c30-flaky1-#.test', 'empty-#.test',
  'c220-dups-#.test', 'c90-short-#.test', 'c350-drift-#.test', 'c7-odd-#.test', 'c60-#.test', 'c15-#.test'];

/// Now and then one that the law forbids, or one that is none.
function domain(number) {
  const form = number % 59 === 20 ? 'claimed-#.test' : number % 83 === 30 ? 'no domain #' : domains[number % domains.length];
  return form.replace('#', `x${number}`);
}

export class Scene {
  added = 0;
  targets = []; // of the scrapes: the worker, the node that is lost, and the one that comes

  /// Scrapes each `interval`.
  static async open(interval = '1s') {
    const scene = new Scene();
    const certificates = await ClusterCertificates.make('127.0.0.1');
    scene.stage = await ClusterStage.open({ nodes: ['a'], certificates, pageMs: 120, GLEANER_LIMITS: '15/s,700/min', GLEANER_CONCURRENCY: 16,
      GLEANER_LISTEN: `127.0.0.1:${await freePort()}`, GLEANER_API__ACCOUNT_INTERVAL: '5s', GLEANER_API__QUOTA_PROBE: '2s', GLEANER_API__MAX_TRIES: 3 });
    scene.next = `127.0.0.1:${await freePort()}`; // of the node that comes later
    const { worker, nodes: [node] } = scene.stage;
    scene.targets = [hostOf(worker), hostOf(node), scene.next];
    scene.prometheus = await startPrometheus(scene.targets, interval).catch(async (error) => {
      await scene.stage.close();
      throw error;
    });
    return scene;
  }

  async add(count) {
    const jobs = Array.from({ length: count }, () => {
      const data = { domain: domain(++this.added) };
      return { name: 'collect-domain', data, opts: { attempts: 2, backoff: { type: 'fixed', delay: 1000 } } };
    });
    await this.stage.addBulk(jobs);
  }

  async account(options) {
    await fetch(`${this.stage.simulator.base}/admin/account`, { method: 'POST', body: JSON.stringify({ key: 'sim-key', ...options }) });
  }

  /// Some domains have contacts that nobody can use.
  async odd() {
    const emails = ['no address', 'a'.repeat(400), 'ann@c7.test', 'ben@c7.test'].map((value) => ({ value, type: 'personal', confidence: 90,
      sources: [], first_name: 7, last_name: 'Lee', position: 'x\u0000y' }));
    const body = { data: { domain: 'c7.test', emails }, meta: { results: emails.length, limit: 100, offset: 0 } };
    const rule = { match: { domain: 'c7-odd*' }, times: 0, answer: { status: 200, headers: { 'content-type': 'application/json' }, body } };
    const answer = await fetch(`${this.stage.simulator.base}/admin/faults`, { method: 'POST', body: JSON.stringify(rule) });
    assert.equal(answer.status, 200, await answer.text());
  }

  /// More jobs come all the time, `each` second some.
  async feed(jobs) {
    while (!this.over) {
      await this.add(jobs);
      await sleep(1000);
    }
  }

  /// All acts, each of so many seconds; there are eleven, and what comes between them takes about five.
  async play(seconds) {
    const act = async () => sleep(seconds * 1000);
    const { stage } = this;
    await this.account({ available: 200_000, used: 0 });
    await stage.queue.upsertJobScheduler('often', { every: 3000 }, { name: 'collect-domain', data: { domain: 'c5-scheduled.test' } });
    await this.odd();
    await this.add(120);
    const feeding = this.feed(4);
    await act();
    await stage.switchApi({ fault_rates: { throttle: 0.05 }, delay_ms: 400 });
    await act();
    await stage.switchApi({ fault_rates: { fail503: 1 } });
    await act();
    await stage.switchApi({ fault_rates: {}, delay_ms: 120 });
    await act();
    await stage.queue.pause();
    await act();
    await until('the pause to be seen', async () => this.finite('max(gleaner_queue_paused)')); // it is looked at each 5 s
    await stage.queue.resume();
    await stage.nodes.shift().kill();
    connect(Number(stage.address.split(':')[1]), '127.0.0.1').end('GET / HTTP/1.0\r\n\r\n').on('error', () => {});
    await act();
    await stage.join('b', { GLEANER_LISTEN: this.next });
    await act();
    await stage.worker.kill();
    await stage.startWorker();
    await act();
    await this.account({ available: 200_000, used: 200_000 });
    await act();
    this.over = true;
    await feeding;
    await stage.redis.stop();
    await sleep(500);
    await stage.redis.start();
    await this.account({ available: 200_000, used: 185_000 });
    await this.add(60);
    await act();
    await until('a collection after all that', async () => this.finite('sum(increase(gleaner_storage_writes_total{result="ok"}[5s]))'));
  }

  /// Whether a query has a value that is more than 0.
  async finite(query) {
    const [first] = await this.prometheus.client.instant(query, Date.now() / 1000);
    return first?.points[0][1] > 0;
  }

  async close() {
    this.over = true;
    await this.prometheus.stop();
    await this.stage.close();
  }
}
