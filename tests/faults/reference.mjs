// What the API serves for a domain, read from a simulator that no worker knows, so that the calls of
// the one under test stay theirs alone.
import { startSimulator } from '../system/harness.mjs';

export class Reference {
  /// `most`: contacts that a worker collects per domain.
  static async open(most = 5000) {
    const reference = new this();
    reference.most = most;
    reference.simulator = await startSimulator();
    reference.known = new Map();
    return reference;
  }

  async close() {
    await this.simulator.stop();
  }

  /// [{email, confidence}] in the API's order, each address once.
  async contactsOf(domain) {
    if (!this.known.has(domain)) this.known.set(domain, await this.fetchAll(domain));
    return this.known.get(domain);
  }

  async fetchAll(domain) {
    const contacts = new Map();
    for (let offset = 0; ; offset += 100) {
      const page = await this.fetchPage(domain, offset);
      for (const { value, confidence } of page.data.emails) {
        const email = value.toLowerCase();
        if (!contacts.has(email)) contacts.set(email, { email, confidence: confidence / 100 });
      }
      if (offset + 100 >= Math.min(page.meta.results, this.most)) return [...contacts.values()];
    }
  }

  async fetchPage(domain, offset) {
    const query = new URLSearchParams({ domain, limit: 100, offset });
    const ask = async () => fetch(`${this.simulator.url}/domain-search?${query}`, {
      headers: { authorization: 'Bearer sim-key' },
    });
    let answer = await ask();
    if (answer.status !== 200) answer = await ask(); // a domain may fail at first
    if (answer.status !== 200) throw new Error(`${domain} at ${offset}: status ${answer.status}`);
    return answer.json();
  }
}
