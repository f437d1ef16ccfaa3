// Everything that a worker may write for a job, to compare two moments.
import { existsSync, readFileSync, statSync } from 'node:fs';

/// {part: text}; equal texts, equal parts.
export async function stateOf(scene, id, domain) {
  const { db } = scene;
  const key = (suffix) => scene.key(`${id}${suffix}`);
  const [hash, logs, ledger, lock, events] = await Promise.all([
    db.hgetall(key('')), db.lrange(key(':logs'), 0, -1), db.hgetallBuffer(key(':ledger')),
    db.get(key(':lock')), db.xrange(scene.key('events'), '-', '+')]);
  const state = { logs: String(logs), lock: String(lock), file: fileState(scene.store.path(domain)) };
  for (const [field, value] of Object.entries(hash)) state[`hash ${field}`] = value;
  for (const [field, value] of Object.entries(ledger)) state[`ledger ${field}`] = value.toString('base64');
  state.fields = Object.keys(state).sort().join(' '); // none more, none less
  state.events = JSON.stringify(events.filter(([, fields]) => fields.includes(id)));
  return state;
}

/// A file that is written again has another inode or time, even with the same content.
function fileState(path) {
  if (!existsSync(path)) return 'none';
  const { ino, mtimeMs } = statSync(path);
  return `${ino} ${mtimeMs} ${readFileSync(path, 'base64')}`;
}
