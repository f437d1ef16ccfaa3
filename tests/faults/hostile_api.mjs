// An API that answers each domain with exactly the bytes that a test wants, also such as no server sends.
import { createServer } from 'node:net';

const account = JSON.stringify({ data: { email: 'x@example.com', plan_name: 'Free', plan_level: 0,
  reset_date: '2099-01-01', calls: { used: 0, available: 1e6 } } });

/// A reply with a true length.
export function reply(body, { status = '200 OK', headers = '' } = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`), bytes]);
}

function emailsOf(domain, rows = 3) {
  return Array.from({ length: rows }, (_, index) => ({
    value: `person${index}@${domain}`, type: 'personal', confidence: 90, first_name: 'Ann', sources: [],
  }));
}

/// A page of these rows as the API sends it.
export function page(rows = 3, domain = 'good.test') {
  const emails = emailsOf(domain, rows);
  return JSON.stringify({ data: { domain, emails }, meta: { results: rows, limit: 100, offset: 0 } });
}

/// `answers` has functions (socket, domain) or bytes by domain; all other domains get a good page.
export async function startHostileApi(answers) {
  const open = new Set();
  const calls = [];
  const answer = (socket, head) => {
    const url = new URL(head.split(' ')[1], 'http://api');
    const domain = url.searchParams.get('domain');
    if (!domain) return socket.write(reply(account));
    calls.push({ path: url.pathname, domain, offset: url.searchParams.get('offset'),
      status: answers.has(domain) ? 0 : 200 }); // what a test made up is no page
    const given = answers.get(domain);
    if (typeof given === 'function') return given(socket, domain);
    return socket.write(given ?? reply(page(3, domain)));
  };
  const server = createServer((socket) => {
    open.add(socket);
    let text = '';
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        answer(socket, head);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v2`,
    calls: async () => calls,
    /// What a good page had; nothing where the test said what to answer.
    contactsOf: async (domain) => (answers.has(domain) ? undefined
      : emailsOf(domain).map(({ value, confidence }) => ({ email: value, confidence: confidence / 100 }))),
    stop: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
