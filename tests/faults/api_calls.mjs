// The simulator's call log, read piece by piece.
export class ApiCalls {
  constructor(base) {
    this.base = base;
    this.seen = [];
    this.reading = Promise.resolve();
  }

  /// Reads what came since, one reader at a time.
  async update() {
    const mine = this.reading.then(async () => this.read());
    this.reading = mine.catch(() => {});
    return mine;
  }

  async read() {
    const since = this.seen.length ? this.seen.at(-1).n + 1 : 0;
    const answer = await fetch(`${this.base}/admin/calls?since=${since}`);
    this.seen.push(...await answer.json());
  }

  /// The number that the next call will have, at least.
  async next() {
    await this.update();
    return this.seen.length ? this.seen.at(-1).n + 1 : 0;
  }

  /// Calls for pages from number `first` on.
  async since(first) {
    await this.update();
    let from = this.seen.length;
    while (from > 0 && this.seen[from - 1].n >= first) from--;
    return this.seen.slice(from).filter(({ path }) => path === '/v2/domain-search');
  }
}
