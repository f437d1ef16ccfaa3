import { createClient } from 'redis';

/// A connected node-redis client, which BullMQ takes; it gathers what is sent in one turn into one write.
export async function connectTo(port) {
  const client = createClient({ socket: { host: '127.0.0.1', port: Number(port) } });
  await client.connect();
  return client;
}
