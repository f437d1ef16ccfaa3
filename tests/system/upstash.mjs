// A server of Upstash's REST protocol over a real Redis, as far as its documentation tells
// (https://upstash.com/docs/redis/features/restapi): pipelines, base64, and what it refuses.
import { createServer } from 'node:http';
import { Redis } from './harness.mjs';

const refused = new Set(['BZPOPMIN', 'BLPOP', 'BRPOP', 'CLIENT', 'CONFIG', 'SELECT', 'MULTI', 'AUTH', 'HELLO']);

function encoded(value) {
  if (Array.isArray(value)) return value.map(encoded);
  if (!Buffer.isBuffer(value)) return value;
  return value.equals(Buffer.from('OK')) ? 'OK' : value.toString('base64');
}

async function body(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/// {url, token, commands, stop()}; `commands` are the names of all that were asked for, in order.
/// With `tls` {key, cert} it speaks HTTPS through `createSecureServer`.
export async function startUpstash(redis, { listen = createServer } = {}) {
  const token = 'upstash-token';
  const db = new Redis(redis.url);
  db.on('error', () => {}); // Redis may be stopped
  const commands = [];

  const one = async ([name, ...args]) => {
    const command = name.toUpperCase();
    commands.push(command);
    if (refused.has(command) || (command === 'XREAD' && args.some((arg) => /^block$/i.test(arg)))) {
      return { error: `ERR Command is not available: '${command}'` };
    }
    try {
      return { result: encoded(await db.callBuffer(name, ...args)) };
    } catch (error) {
      return { error: error.message };
    }
  };

  const answer = async (request) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return [401, { error: 'WRONGPASS invalid or missing auth token' }];
    }
    if (request.method !== 'POST' || request.url !== '/pipeline') return [404, { error: 'ERR not found' }];
    if (request.headers['upstash-encoding'] !== 'base64') return [400, { error: 'ERR this one encodes' }];
    const results = [];
    for (const command of JSON.parse(await body(request))) results.push(await one(command));
    return [200, results];
  };

  const server = listen(async (request, response) => {
    const [status, document] = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port, token, commands,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      db.disconnect();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
