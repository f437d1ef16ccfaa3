// A coordinator that fetches nothing itself, and nodes that fetch for it.
import { binary, environment, freePort } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { descriptorsOf } from './descriptors.mjs';
import { OutageStage } from './outage.mjs';

/// What both sides of a link without TLS need.
export const plain = { GLEANER_CLUSTER__PLAIN: 'on' };

/// A fetcher: {name, program, http, get(path), stop(), kill()}; `settings` are its environment, the words `prefix`
/// come before its command.
export async function startNode(name, coordinators, simulator, settings = plain, prefix = []) {
  const folder = temporaryFolder();
  const env = environment({ simulator, folder, GLEANER_CLUSTER__ROLE: 'fetcher', GLEANER_CLUSTER__NODE: name,
    GLEANER_CLUSTER__JOIN: coordinators.join(','), ...settings });
  for (const unneeded of ['GLEANER_STATE_FOLDER', 'NH_COLLECTIONS_DIR']) delete env[unneeded];
  const [command, ...words] = [...prefix, binary('gleaner'), 'run'];
  const program = new Program(command, words, { env, cwd: folder });
  const [, port] = await program.line(/\bready\b.*?"port":(\d+)/);
  const http = `http://127.0.0.1:${port}`;
  return {
    name, program, http,
    get: async (path) => fetch(http + path),
    stop: async () => program.stop(),
    kill: async () => program.stop('SIGKILL'),
  };
}

/// Pages of a metric of a node, by its name.
export async function metric(worker, name) {
  const text = await (await worker.get('/metrics')).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
  return values.reduce((sum, value) => sum + value, 0);
}

export class ClusterStage extends OutageStage {
  nodes = [];
  nodeSettings = plain;

  /// With `certificates` nodes join by TLS.
  static async open({ nodes = ['a', 'b'], host = '127.0.0.1', certificates, ...settings } = {}) {
    const address = `${host}:${await freePort()}`;
    const stage = await super.open({ GLEANER_CLUSTER__ROLE: 'coordinator', GLEANER_CLUSTER__LISTEN: address,
      ...certificates?.settings('coordinator') ?? plain, ...settings });
    stage.address = address;
    stage.nodeSettings = certificates?.settings('fetcher') ?? plain;
    try {
      for (const name of nodes) await stage.join(name);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /// Starts a node and waits until it may get pages.
  async join(name, settings = {}) {
    const before = await this.slots();
    const node = await this.startNode(name, settings);
    this.nodes.push(node);
    await until(`${name} to have joined`, async () => (await this.slots()) > before);
    this.expectDescriptors();
    return node;
  }

  async startNode(name, settings) {
    return startNode(name, [this.address], this.simulator, { ...this.nodeSettings, ...settings });
  }

  /// Those of the worker's connections to nodes are there to stay.
  expectDescriptors() {
    this.oracle.workers.at(-1).ready = descriptorsOf(this.worker);
  }

  /// All jobs end, and nothing was fetched twice.
  async finish() {
    await this.allEnded();
    return this.oracle.check({ refetches: 0 });
  }

  /// Pages that all nodes can get at once.
  async slots() {
    return metric(this.worker, 'gleaner_cluster_slots');
  }

  async close() {
    for (const { program } of this.nodes) {
      program.kill('SIGCONT');
      await program.stop();
    }
    await super.close();
  }
}
