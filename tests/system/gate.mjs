// Stands before the simulated API: a job stays where a test needs it until the test lets it go on.
import { Proxy } from './proxy.mjs';
import { until } from './processes.mjs';

export class Gate extends Proxy {
  static async before(simulator) {
    const gate = await this.to(Number(new URL(simulator.base).port));
    gate.url = `http://127.0.0.1:${gate.port}/v2`;
    return gate;
  }

  /// Requests for domains that begin with `name`, for pages from `offset` on, wait for `release`.
  hold(name, offset = 0) {
    this.keep((request) => {
      const [, path] = /^GET (\S+)/.exec(request) ?? [];
      const asked = new URL(path ?? '', 'http://api').searchParams;
      return asked.get('domain')?.startsWith(name) && Number(asked.get('offset') ?? 0) >= offset;
    });
  }

  /// Waits until so many requests wait.
  async holding(count = 1) {
    await until(`${count} requests that wait`, () => this.waiting >= count);
  }
}
