// A program on a terminal of its own, and what its screen shows.
import { readFileSync, readlinkSync } from 'node:fs';
import { Program, runToEnd, until } from './processes.mjs';

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // it has ended
  }
}

/// What stands on a terminal after text with the few control sequences that `gleaner top` may use.
export class Screen {
  constructor() {
    Object.assign(this, { rows: [], row: 0, column: 0, rest: '', unknown: [], alternate: false, cursor: true });
  }

  feed(text) {
    this.rest += text;
    for (;;) {
      const part = /^(?:\x1b\[([?0-9;]*)([A-Za-z])|[^\x1b]+)/.exec(this.rest);
      if (!part) return;
      this.rest = this.rest.slice(part[0].length);
      if (part[2]) this.obey(part[1], part[2]);
      else this.write(part[0]);
    }
  }

  obey(arguments_, what) {
    const [first, second] = arguments_.split(';').map(Number);
    if (what === 'H') [this.row, this.column] = [first - 1, second - 1];
    else if (what === 'K' && arguments_ === '2') this.rows[this.row] = '';
    else if (what === 'J' && arguments_ === '2') this.rows = [];
    else if (arguments_ === '?1049') this.alternate = what === 'h';
    else if (arguments_ === '?25') this.cursor = what === 'h';
    else if (what !== 'm') this.unknown.push(arguments_ + what);
  }

  write(text) {
    const line = (this.rows[this.row] ?? '').padEnd(this.column);
    this.rows[this.row] = line.slice(0, this.column) + text;
    this.column += text.length;
  }

  get text() {
    return this.rows.map((row) => row ?? '').join('\n');
  }
}

/// A shell command on a terminal of `columns` by `rows`: {program, screen, raw, type(), shows(), resize()}.
export class OnTerminal {
  constructor(command, { columns = 80, rows = 24, env, cwd }) {
    this.screen = new Screen();
    this.raw = '';
    this.program = new Program('script', ['-qefc', `stty cols ${columns} rows ${rows}; ${command}`, '/dev/null'],
      { env, cwd, input: 'pipe' });
    this.program.child.stdout.setEncoding('utf8').on('data', (text) => {
      this.raw += text;
      this.screen.feed(text);
    });
  }

  type(keys) {
    this.program.child.stdin.write(keys);
  }

  async shows(pattern, { not = false } = {}) {
    return until(`the screen to show ${not ? 'no longer ' : ''}${pattern}`,
      () => pattern.test(this.screen.text) !== not).catch((error) => {
      throw new Error(`${error.message}\n${this.screen.text}`);
    });
  }

  /// The process id of the program of that name on it.
  async pidOf(name) {
    return until(`${name} on the terminal`, () => {
      for (let pids = childrenOf(this.program.pid); pids.length; pids = pids.flatMap(childrenOf)) {
        const found = pids.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name);
        if (found) return found;
      }
      return undefined;
    });
  }

  async resize(columns, rows) {
    const pid = await this.pidOf('gleaner');
    const done = await runToEnd('stty', ['-F', readlinkSync(`/proc/${pid}/fd/0`), 'cols', String(columns), 'rows',
      String(rows)]);
    if (done.code !== 0) throw new Error(done.stderr);
  }
}
