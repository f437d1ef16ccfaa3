// Two network namespaces and a router between them that can lose what goes one way, or be a bad link.
import { execFileSync, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Program, until } from '../system/processes.mjs';

const inside = 'GLEANER_TEST_NETWORK';

/// Runs this very test file again with a network and mounts of its own, and ends with it. Gives why that
/// can't be, or, in the file's second run, nothing.
export function enterOwnNetwork(url) {
  if (process.env[inside]) return undefined;
  const apart = ['--net', '--mount'];
  const probe = spawnSync('unshare', [...apart, 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  if (probe.status !== 0) return `no namespaces here: ${probe.stderr ?? probe.error.message}`.trim();
  const words = ['--pdeathsig', 'KILL', 'unshare', ...apart, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const again = spawnSync('setpriv', [...words, process.execPath, fileURLToPath(url)],
    { stdio: 'inherit', env: { ...process.env, [inside]: '1' } });
  return process.exit(again.status ?? 1);
}

/// Says in words that a whole program could not run here; it then counts as neither passed nor failed.
export function skipped(why) {
  console.log(`skipped: ${why}\n0 passed, 0 failed`);
}

/// A command that must succeed.
export const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });

/// A namespace that lives as long as the process in it.
class Namespace {
  static async open() {
    const space = new this();
    space.program = new Program('unshare', ['--net', 'sleep', 'infinity']);
    const ours = readlinkSync('/proc/self/ns/net');
    await until('a network namespace', () => {
      const theirs = readlinkSync(`/proc/${space.program.pid}/ns/net`);
      return theirs !== ours;
    });
    return space;
  }

  /// The words that begin a command inside.
  get prefix() {
    return ['nsenter', '-t', String(this.program.pid), '-n'];
  }

  run(...words) {
    return run(...this.prefix, ...words);
  }
}

/// Why this machine can't connect namespaces, if so.
export function findLinkProblem() {
  try {
    run('ip', 'link', 'add', 'tried', 'type', 'veth', 'peer', 'name', 'there');
    run('ip', 'link', 'del', 'tried');
    return undefined;
  } catch (error) {
    return `no virtual links here: ${String(error.stderr ?? error.message).trim()}`;
  }
}

export class Network {
  near = '10.77.1.2'; // this process and its children
  far = '10.77.2.2';

  static async open() {
    const network = new this();
    [network.router, network.server] = await Promise.all([Namespace.open(), Namespace.open()]);
    try {
      network.connect();
      return network;
    } catch (error) {
      await network.close(); // or the process would wait for what runs
      throw error;
    }
  }

  connect() {
    const { router, server } = this;
    run('ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'near', 'netns', String(router.program.pid));
    router.run('ip', 'link', 'add', 'far', 'type', 'veth', 'peer', 'name', 'far', 'netns', String(server.program.pid));
    const address = (on, ip, name) => {
      on('ip', 'addr', 'add', `${ip}/24`, 'dev', name);
      on('ip', 'link', 'set', name, 'up');
    };
    const inRouter = (...words) => router.run(...words);
    const inServer = (...words) => server.run(...words);
    address(run, this.near, 'near');
    address(inRouter, '10.77.1.1', 'near');
    address(inRouter, '10.77.2.1', 'far');
    address(inServer, this.far, 'far');
    inServer('ip', 'link', 'set', 'lo', 'up');
    run('ip', 'route', 'add', 'default', 'via', '10.77.1.1');
    inServer('ip', 'route', 'add', 'default', 'via', '10.77.2.1');
    inRouter('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  }

  /// What is sent to these addresses gets lost without a word.
  lose(...addresses) {
    for (const address of addresses) this.router.run('ip', 'route', 'add', 'blackhole', `${address}/32`);
  }

  heal() {
    this.router.run('ip', 'route', 'flush', 'type', 'blackhole');
  }

  /// From now on the router drops this share of all packets, 0 to 100, by chance.
  losePercent(share) {
    this.router.run('nft', `add table inet link; add chain inet link passing { type filter hook forward priority 0; }; \
      add rule inet link passing numgen random mod 100 < ${share} drop`);
  }

  /// From now on so many kbit a second pass in each direction, and what would have to wait more than 400 ms is dropped.
  slowDown(kbit = 64) {
    for (const link of ['near', 'far']) {
      this.router.run('tc', 'qdisc', 'add', 'dev', link, 'root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '4kb',
        'latency', '400ms');
    }
  }

  /// The end of `losePercent` and `slowDown`.
  restore() {
    this.router.run('nft', 'flush', 'ruleset');
    const shaped = String(this.router.run('tc', 'qdisc', 'show')).includes('tbf');
    for (const link of shaped ? ['near', 'far'] : []) this.router.run('tc', 'qdisc', 'del', 'dev', link, 'root');
  }

  async close() {
    // With its namespace a link would go too, but at the kernel's leisure: the next network needs the name.
    spawnSync('ip', ['link', 'del', 'near']);
    await Promise.all([this.router, this.server].map(({ program }) => program.stop('SIGKILL')));
  }
}
