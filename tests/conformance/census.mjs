// Where every job of a queue is, read from Redis itself.
const lists = ['wait', 'paused', 'active'];
const sets = ['prioritized', 'delayed', 'waiting-children', 'completed', 'failed'];

async function keysOf(scene, pattern) {
  const found = [];
  for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
    const [next, keys] = await scene.redis.scan(cursor, 'MATCH', scene.key(pattern), 'COUNT', 1000);
    found.push(...keys);
    cursor = next;
  }
  return [...new Set(found)].map((key) => key.slice(scene.key('').length));
}

/// {places: Map(id -> [structures]), sizes: {structure: n}, hashes: Map(id -> hash), locks: [ids],
/// stalled: [ids]} of the scene's queue; ids of jobs match `pattern`.
export async function census(scene, pattern) {
  const places = new Map();
  const sizes = {};
  for (const name of [...lists, ...sets]) {
    const key = scene.key(name);
    const ids = await (lists.includes(name) ? scene.redis.lrange(key, 0, -1) : scene.redis.zrange(key, 0, -1));
    sizes[name] = ids.length;
    for (const id of ids) places.set(id, [...(places.get(id) ?? []), name]);
  }
  const ids = (await keysOf(scene, pattern)).filter((key) => !key.includes(':'));
  const hashes = new Map();
  for (let first = 0; first < ids.length; first += 1000) {
    const pipeline = scene.redis.pipeline();
    for (const id of ids.slice(first, first + 1000)) pipeline.hgetall(scene.key(id));
    const answers = await pipeline.exec();
    answers.forEach(([error, hash], index) => hashes.set(ids[first + index], error ?? hash));
  }
  const locks = await keysOf(scene, `${pattern}:lock`);
  return { places, sizes, hashes, locks, stalled: await scene.redis.smembers(scene.key('stalled')) };
}
