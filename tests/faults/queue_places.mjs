// Where a queue's jobs are.
const lists = ['wait', 'paused', 'active'];
const sets = ['delayed', 'prioritized', 'waiting-children', 'completed', 'failed'];

/// Of one moment: Map(id -> names of the structures that have it).
export async function placesOf(stage) {
  const reading = stage.db.multi();
  for (const name of lists) reading.lrange(stage.key(name), 0, -1);
  for (const name of sets) reading.zrange(stage.key(name), 0, -1);
  const replies = await reading.exec();
  const places = new Map();
  [...lists, ...sets].forEach((name, index) => {
    const [error, ids] = replies[index];
    if (error) throw error;
    for (const id of ids) places.set(id, [...(places.get(id) ?? []), name]);
  });
  return places;
}

/// All keys that match, without their order.
export async function keysOf(db, pattern) {
  const keys = new Set();
  let cursor = '0';
  do {
    const [next, some] = await db.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
    some.forEach((key) => keys.add(key));
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

/// Those of these jobs that have no hash.
export async function withoutHash(stage, ids) {
  const missing = [];
  for (const some of batchesOf(ids)) {
    const replies = await askAll(stage.db, some, (pipeline, id) => pipeline.exists(stage.key(id)));
    missing.push(...some.filter((_, index) => replies[index] === 0));
  }
  return missing;
}

/// Everything that Redis holds: [key, content] one by one.
export async function* contentOf(db) {
  for (const keys of batchesOf(await keysOf(db, '*'))) {
    const types = await askAll(db, keys, (pipeline, key) => pipeline.type(key));
    const present = keys.map((key, index) => ({ key, type: types[index] })).filter(({ type }) => readers[type]);
    const values = await askAll(db, present, (pipeline, { key, type }) => readers[type](pipeline, key));
    yield* present.map(({ key }, index) => [key, values[index]]);
  }
}

const readers = {
  string: (pipeline, key) => pipeline.get(key),
  hash: (pipeline, key) => pipeline.hgetall(key),
  list: (pipeline, key) => pipeline.lrange(key, 0, -1),
  set: (pipeline, key) => pipeline.smembers(key),
  zset: (pipeline, key) => pipeline.zrange(key, 0, -1),
  stream: (pipeline, key) => pipeline.xrange(key, '-', '+'),
};

/// The replies to one command for each.
async function askAll(db, all, command) {
  const pipeline = db.pipeline();
  for (const one of all) command(pipeline, one);
  return (await pipeline.exec()).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

function batchesOf(list, size = 1000) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
