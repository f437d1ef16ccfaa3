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

/// Everything that Redis holds, as text.
export async function contentOf(db) {
  const texts = [];
  for (const key of await keysOf(db, '*')) {
    texts.push(key, JSON.stringify(await valueOf(db, key, await db.type(key))));
  }
  return texts.join('\n');
}

async function valueOf(db, key, type) {
  switch (type) {
    case 'string': return db.get(key);
    case 'hash': return db.hgetall(key);
    case 'list': return db.lrange(key, 0, -1);
    case 'set': return db.smembers(key);
    case 'zset': return db.zrange(key, 0, -1);
    case 'stream': return db.xrange(key, '-', '+');
    default: return ''; // gone since it was listed
  }
}
