// Section "Flows": Gleaner as the worker of children and of parents.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty } from '../system/settings.mjs';
import { packages } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

const good = { domain: domains.contacts5 };
const bad = { domain: domains.forbidden };

/// A node of a flow; all queues but those named are the scene's.
const node = (scene, data, opts = {}, children = undefined, queueName = scene.name) => ({
  name: 'collect-domain', queueName, data, opts, ...(children && { children }),
});

/// Adds a flow with the stock FlowProducer; the job of its root.
async function add(scene, root) {
  const producer = scene.open(new scene.bullmq.FlowProducer({ connection: scene.connection }));
  const { job, children } = await producer.add(root);
  return { job, children: children?.map((child) => child.job) ?? [], tree: children };
}

async function waitsForChildren(scene, id) {
  return (await scene.redis.zscore(scene.key('waiting-children'), id)) !== null;
}

conforms(49, async (scene) => {
  await scene.gleaner();
  const { job, children } = await add(scene,
    node(scene, good, {}, [1, 2, 3].map((index) => node(scene, { domain: domains.brisk(index) }))));
  await scene.event('completed', job.id);
  const completed = (await scene.events('completed')).map(({ jobId }) => jobId);
  assert.equal(completed.length, 4);
  assert.equal(completed.at(-1), job.id);
  const values = await (await scene.queue.getJob(job.id)).getChildrenValues();
  assert.deepEqual(Object.keys(values).sort(), children.map(({ id }) => scene.key(id)).sort());
  for (const value of Object.values(values)) assert.equal(value.success, true);
  assert.equal(await scene.redis.exists(scene.key(`${job.id}:dependencies`)), 0);
});

conforms(50, async (scene) => {
  const driver = await scene.driver();
  const release = async (opts) => {
    const { job } = await add(scene, node(scene, good, opts, [node(scene, good)]));
    const [child] = await driver.take();
    await driver.complete(child, { ok: true });
    return job.id;
  };
  const plain = await release({});
  assert.deepEqual(await scene.redis.lrange(scene.key('wait'), 0, -1), [plain]);
  await scene.add(); // stands behind the released one, which runs first
  const next = await driver.take();
  assert.deepEqual(next.map(({ id }) => id), [plain]);
  const [rest] = await driver.take();
  await driver.complete(rest, null);
  const urgent = await release({ priority: 2 });
  assert.deepEqual(await scene.redis.zrange(scene.key('prioritized'), 0, -1), [urgent]);
  const late = await release({ delay: 60_000 });
  assert.deepEqual(await scene.redis.zrange(scene.key('delayed'), 0, -1), [late]);
  for (const id of [plain, urgent]) {
    const [event] = (await scene.events('waiting')).filter(({ jobId, prev }) => jobId === id && prev);
    assert.deepEqual(event, { event: 'waiting', jobId: id, prev: 'waiting-children' });
  }
});

/// A stock worker of that generation on the parents' queue; the ids that its processor ran.
function parentWorker(scene, client, queueName) {
  const ran = [];
  scene.open(new client.Worker(queueName, async (job) => ran.push(job.id),
    { connection: scene.connection }));
  return ran;
}

conforms(51, async (scene) => {
  await scene.gleaner(hasty);
  const server = { own: null, v5: packages('bullmq5.28'), v6: packages('bullmq6') };
  for (const [kind, client] of Object.entries(server)) {
    const queueName = client ? `${scene.name}-${kind}` : scene.name;
    const ran = client ? parentWorker(scene, client, queueName) : [];
    const { job, children } = await add(scene,
      node(scene, good, {}, [node(scene, bad, { failParentOnFailure: true })], queueName));
    const parents = scene.open(new scene.bullmq.Queue(queueName, { connection: scene.connection }));
    const failed = await until(`the parent's failure (${kind})`, async () => {
      const ended = await parents.getJobState(job.id) === 'failed';
      return ended && parents.getJob(job.id); // read after the end, not before
    });
    assert.equal(failed.failedReason, `child ${scene.key(children[0].id)} failed`);
    assert.deepEqual(ran, []);
    assert.equal(failed.attemptsStarted ?? 0, 0);
  }
});

conforms(52, async (scene) => {
  await scene.gleaner(hasty);
  const failing = async (opts, siblings = []) => add(scene,
    node(scene, good, {}, [node(scene, bad, opts), ...siblings]));
  const ignored = await failing({ ignoreDependencyOnFailure: true });
  await scene.event('completed', ignored.job.id);
  const key = (flow) => scene.key(`${flow.job.id}:failed`);
  const reason = (await scene.hash(ignored.children[0].id)).failedReason;
  assert.deepEqual(await scene.redis.hgetall(key(ignored)),
    { [scene.key(ignored.children[0].id)]: reason });
  const removed = await failing({ removeDependencyOnFailure: true });
  await scene.event('completed', removed.job.id);
  assert.equal(await scene.redis.exists(key(removed)), 0);
  if (scene.version === '5.28.2') return; // continueParentOnFailure came with 5.47
  const later = node(scene, good, { delay: 60_000 });
  const continued = await failing({ continueParentOnFailure: true }, [later]);
  await scene.event('active', continued.job.id);
  assert.equal((await scene.redis.hgetall(key(continued)))[scene.key(continued.children[0].id)], reason);
});

conforms(53, async (scene) => {
  await scene.gleaner(hasty);
  const { job, children: [child] } = await add(scene, node(scene, good, {}, [node(scene, bad)]));
  await scene.event('failed', child.id);
  assert.ok(await waitsForChildren(scene, job.id));
  const again = await scene.queue.getJob(child.id);
  await again.updateData(good);
  await again.retry();
  await scene.event('completed', job.id);
  const order = (await scene.events('completed')).map(({ jobId }) => jobId);
  assert.deepEqual(order, [child.id, job.id]);
});

conforms(54, async (scene) => {
  const parents = `${scene.name}-p`;
  const { job, children: [child] } = await add(scene,
    node(scene, good, {}, [node(scene, good)], parents));
  const driver = await scene.driver();
  const [held] = await driver.take();
  assert.equal(held.id, child.id);
  await scene.redis.del(scene.key('marker'));
  await driver.complete(held, { ok: true });
  assert.deepEqual(await scene.redis.lrange(`bull:${parents}:wait`, 0, -1), [job.id]);
  assert.equal(await scene.redis.zscore(`bull:${parents}:marker`, '0'), '0');
  assert.equal(await scene.redis.exists(scene.key('wait'), scene.key('marker')), 0);
  const names = (await scene.events()).filter(({ jobId }) => jobId === job.id);
  assert.deepEqual(names, []);
});

conforms(55, async (scene) => {
  await scene.gleaner(hasty);
  const fail = { failParentOnFailure: true };
  const { job, tree: [{ job: middle, children: [{ job: leaf }] }] } = await add(scene,
    node(scene, good, {}, [node(scene, good, fail, [node(scene, bad, fail)])]));
  await scene.event('failed', job.id);
  assert.equal((await scene.hash(middle.id)).failedReason, `child ${scene.key(leaf.id)} failed`);
  assert.equal((await scene.hash(job.id)).failedReason, `child ${scene.key(middle.id)} failed`);
  for (const id of [job.id, middle.id, leaf.id]) assert.equal(await scene.state(id), 'failed');
});

conforms(56, async (scene) => {
  await scene.gatedGleaner();
  const parent = await scene.addHeld();
  await scene.event('active', parent.id);
  const child = await scene.add(good, {
    delay: 600_000, parent: { id: parent.id, queue: scene.key('').slice(0, -1) },
  });
  scene.gate.release();
  await scene.event('waiting-children', parent.id);
  assert.equal(await scene.state(parent.id), 'waiting-children');
  assert.equal(await scene.redis.exists(scene.key(`${parent.id}:lock`)), 0);
  assert.deepEqual(await scene.active(), []);
  await (await scene.queue.getJob(child.id)).promote();
  await scene.event('completed', parent.id);
  const { ats, atm } = await scene.hash(parent.id);
  assert.deepEqual({ ats, atm }, { ats: '2', atm: '1' });
  const order = (await scene.events('completed')).map(({ jobId }) => jobId);
  assert.deepEqual(order, [child.id, parent.id]);
});

conforms(57, async (scene) => {
  const driver = await scene.driver();
  const parent = await scene.add();
  const [held] = await driver.take();
  await scene.add(good, { parent: { id: parent.id, queue: scene.key('').slice(0, -1) } });
  await assert.rejects(driver.complete(held, null), { code: 'job_has_children' });
  assert.equal(await scene.redis.get(scene.key(`${parent.id}:lock`)), held.token);
  assert.deepEqual(await scene.active(), [parent.id]);
});

conforms(58, async (scene) => {
  await scene.gleaner();
  const { job, children: [child] } = await add(scene,
    node(scene, good, {}, [node(scene, good, { removeOnComplete: true })]));
  await scene.event('completed', job.id);
  assert.equal(await scene.redis.exists(scene.key(child.id)), 0);
  const values = await (await scene.queue.getJob(job.id)).getChildrenValues();
  assert.equal(values[scene.key(child.id)].success, true);
});
