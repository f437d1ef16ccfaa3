// What a worker keeps open.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/// For commands, and to wait for jobs; a coordinator has one more, to tell what its nodes do.
const redisConnections = (env) => ('GLEANER_CLUSTER__LISTEN' in env ? 3 : 2);
const apiConnections = 64; // api.max_fetchers, where nothing else is set

/// The TCP sockets of a process's network by inode: {local, remote}, ports.
function socketsOf(pid) {
  const sockets = new Map();
  for (const table of [`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`].filter(existsSync)) {
    for (const line of readFileSync(table, 'latin1').trim().split('\n').slice(1)) {
      const [, here, there, , , , , , , inode] = line.trim().split(/\s+/);
      const [local, remote] = [here, there].map((address) => Number.parseInt(address.split(':')[1], 16));
      sockets.set(inode, { local, remote });
    }
  }
  return sockets;
}

function targetsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/// What it has open, by kind; connections that clients of its listener keep open are left out.
export function descriptorsOf({ program: { pid }, env, http }) {
  const sockets = socketsOf(pid);
  const [api, redis, listener] = [env.HUNTER_API_URL, env.REDIS_URL, http].map((url) => Number(new URL(url).port));
  const found = { toApi: 0, toRedis: 0, others: [] };
  for (const target of targetsOf(pid)) {
    const { local, remote } = sockets.get(/^socket:\[(\d+)\]$/.exec(target)?.[1]) ?? {};
    if (remote === api) found.toApi++;
    else if (remote === redis) found.toRedis++;
    else if (local !== listener || remote === 0) found.others.push(target);
  }
  return found;
}

/// What an idle worker has open beyond its connections and what it had when it was ready, in words.
export function findExcess(worker, ready) {
  const { toApi, toRedis, others } = descriptorsOf(worker);
  const most = Number(worker.env.GLEANER_API__MAX_FETCHERS ?? apiConnections);
  if (toApi > most) return `${toApi} connections to the API, of at most ${most}`;
  if (toRedis > redisConnections(worker.env)) return `${toRedis} connections to Redis`;
  if (others.length <= ready.others.length) return undefined;
  return `${others.length} other descriptors: ${others}; when it was ready ${ready.others.length}: ${ready.others}`;
}
