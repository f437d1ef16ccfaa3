// A TCP proxy on loopback that makes a network fail: it delays, holds back, refuses and resets. What is to
// happen while something is on its way is made to by `keep`, on a machine of any speed.
import { connect, createServer } from 'node:net';

/// Bytes of one direction of one connection, in order, each not before its time.
class Lane {
  constructor(proxy, direction, from, to) {
    Object.assign(this, { proxy, direction, from, to, waiting: [] });
    from.on('data', (bytes) => this.push(bytes));
    from.on('end', () => this.push(null));
  }

  push(bytes) {
    const wait = this.proxy.latency;
    if (wait === 0) this.arrive(bytes);
    else setTimeout(() => this.arrive(bytes), wait);
  }

  arrive(bytes) {
    this.waiting.push(bytes);
    this.flush();
  }

  /// Passes on what need not wait, in its order.
  flush() {
    while (this.waiting.length && !this.proxy.holds(this.direction, this.waiting[0])) {
      const bytes = this.waiting.shift();
      if (this.to.destroyed) continue;
      if (bytes === null) this.to.end();
      else this.to.write(bytes);
    }
  }
}

/// `up` is from the client to the server, `down` the way back.
export class Proxy {
  static async to(port, host = '127.0.0.1') {
    const proxy = new this();
    proxy.target = { port, host };
    proxy.server = createServer((client) => proxy.accept(client));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    proxy.url = `redis://127.0.0.1:${proxy.port}`;
    return proxy;
  }

  latency = 0; // ms that each direction takes
  held = new Set(); // directions in which nothing arrives any more
  kept; // says of what is sent to the server whether it waits
  refusing = false;
  accepted = 0; // connections so far
  pairs = new Set();

  accept(client) {
    this.accepted++;
    client.on('error', () => {});
    if (this.refusing) return client.resetAndDestroy();
    const server = connect(this.target);
    server.on('error', () => {});
    const pair = { client, server, lanes: [new Lane(this, 'up', client, server),
      new Lane(this, 'down', server, client)] };
    this.pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('close', () => this.drop(pair));
    }
    return undefined;
  }

  /// One side is gone; while its direction is held the other must not see that.
  drop(pair) {
    const direction = pair.client.destroyed ? 'up' : 'down';
    if (this.held.has(direction)) return;
    this.pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }

  /// What is sent in these directions from now on waits for `release`, as behind a cut cable.
  hold(...directions) {
    for (const direction of directions) this.held.add(direction);
  }

  /// What is sent to the server and of which `fits` says so, as text, waits for `release`, and all that
  /// follows it on its connection.
  keep(fits) {
    this.kept = fits;
  }

  holds(direction, bytes) {
    return this.held.has(direction)
      || (direction === 'up' && bytes !== null && Boolean(this.kept?.(bytes.toString('latin1'))));
  }

  /// How many connections to the server wait.
  get waiting() {
    return [...this.pairs].filter(({ lanes: [up] }) => up.waiting.length > 0).length;
  }

  /// All that was held back arrives now, as when TCP sends again.
  release() {
    this.held.clear();
    this.kept = undefined;
    for (const pair of this.pairs) {
      for (const lane of pair.lanes) lane.flush();
      if (pair.client.destroyed || pair.server.destroyed) this.drop(pair);
    }
  }

  /// Both ends of every connection get a reset; what was on its way is lost.
  reset() {
    for (const pair of this.pairs) {
      this.pairs.delete(pair);
      pair.client.resetAndDestroy();
      pair.server.resetAndDestroy();
    }
  }

  /// New connections are refused until `target` is reachable again by `accepting`.
  refuse() {
    this.refusing = true;
    this.reset();
  }

  accepting() {
    this.refusing = false;
  }

  /// The address leads to another server from now on.
  switchTo(port) {
    this.target = { ...this.target, port };
    this.held.clear();
    this.reset();
  }

  async close() {
    this.held.clear();
    this.reset();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
