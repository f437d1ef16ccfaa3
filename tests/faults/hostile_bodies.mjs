// Bodies of the API that are no page, or a page with something in it that must not get through. Each entry:
// [what, body, whether the job can complete all the same]. Text is sent as UTF-8, buffers as they are.
import { page } from './hostile_api.mjs';

const latin = (text) => Buffer.from(text, 'latin1');
const doc = (emails, meta = '{"results":1}') => `{"data":{"domain":"x.test","emails":[${emails}]},"meta":${meta}}`;
const entry = (address, more = '') => `{"value":"${address}"${more}}`;
const fails = (list) => list.map(([what, body]) => [what, body, false]);
const passes = (list) => list.map(([what, body]) => [what, body, true]);

const noPages = fails([
  ['nothing', ''], ['white space', ' \n\t '], ['a NUL', '\0'], ['a thousand NULs', '\0'.repeat(1000)],
  ['HTML', '<html><body>502</body></html>'], ['a script', '<script>alert(1)</script>'], ['XML', '<?xml version="1.0"?><a/>'],
  ['a word', 'busy'], ['null', 'null'], ['true', 'true'], ['a number', '42'], ['minus', '-'], ['1e400', '1e400'],
  ['a text', '"page"'], ['an open text', '"page'], ['an array', '[]'], ['an open array', '['], ['an open object', '{'],
  ['a closed one only', '}'], ['an empty object', '{}'], ['a key alone', '{"data"}'], ['a colon too many', '{"data"::{}}'],
  ['a comma alone', '{,}'], ['two documents', page() + page()], ['a tail', `${page()}x`], ['a NUL tail', `${page()}\0`],
  ['a comment', `/* */${page()}`], ['single quotes', "{'data':{}}"], ['JSON lines', '{}\n{}\n'], ['CSV', 'email,name\na@x.test,Ann\n'],
  ['half a page', page(50).slice(0, 2000)], ['all but the last byte', page().slice(0, -1)],
  ['UTF-16', Buffer.from(`\ufeff${page()}`, 'utf16le')], ['a gzip magic', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
  ['bytes at random', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 2654435761) & 255))],
  ['all bytes 0xFF', Buffer.alloc(10_000, 0xff)], ['a redis answer', '+PONG\r\n'], ['a base64 text', 'eyJkYXRhIjp7fX0='],
]);

const deep = fails([
  ['200 KB of [', '['.repeat(200_000)], ['200 KB of {', '{'.repeat(200_000)], ['200 KB of {"a":', '{"a":'.repeat(40_000)],
  ['deep arrays in data', `{"data":${'['.repeat(100_000)}`], ['deep objects closed', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ['deep data', `{"data":${'{"data":'.repeat(20_000)}1${'}'.repeat(20_001)}`], ['a MB of quotes', '"'.repeat(1_000_000)],
  ['a MB of backslashes', '\\'.repeat(1_000_000)], ['a MB of commas', ','.repeat(1_000_000)], ['a MB of digits', '1'.repeat(1_000_000)],
  ['a million keys', `{${Array.from({ length: 300_000 }, (_, i) => `"${i}":0`).join()}}`],
  ['7 MB of nulls', doc(Array.from({ length: 1_400_000 }, () => 'null').join())],
]);

const wrongTypes = fails([
  ...['null', '[]', '7', '"x"', 'true'].map((value) => [`data is ${value}`, `{"data":${value},"meta":{"results":0}}`]),
  ...['null', '{}', '7', '"x"', 'true', '{"0":{"value":"a@x.test"}}']
    .map((value) => [`emails is ${value}`, `{"data":{"emails":${value}},"meta":{"results":1}}`]),
  ...['null', '[]', '7', '"x"'].map((value) => [`meta is ${value}`, doc('', value)]),
  ...['null', '"35"', 'true', '[35]', '{}', '-1', '1.5', '1e400', '-0.5', 'NaN', 'Infinity', '4294967296',
    '99999999999999999999', '035', '0x23', '+35'].map((value) => [`results is ${value}`, doc('', `{"results":${value}}`)]),
  ['no meta', '{"data":{"emails":[]}}'], ['no emails', '{"data":{},"meta":{"results":0}}'],
  ['data twice', '{"data":{"emails":[]},"data":{"emails":[]},"meta":{"results":0}}'],
  ['emails twice', '{"data":{"emails":[],"emails":[]},"meta":{"results":0}}'],
  ['meta twice', '{"data":{"emails":[]},"meta":{"results":0},"meta":{"results":9}}'],
  ['results twice', doc('', '{"results":0,"results":9}')], ['10,001 entries', doc(Array(10_001).fill('{}').join())],
  ['rows announced, none listed', doc('', '{"results":35}')], ['an error envelope', '{"errors":[{"id":"x","code":1,"details":"d"}]}'],
  ['an error of megabytes', JSON.stringify({ errors: [{ id: 'x'.repeat(1e6), details: 'y\n\r\0'.repeat(1e5) }] })],
  ['errors that are none', '{"errors":{}}'],
]);

const hostileText = fails([
  ['a lone surrogate as bytes', latin(doc(entry('\xed\xa0\x80@x.test')))], ['bad UTF-8', latin(doc(entry('a\xff@x.test')))],
  ['overlong UTF-8', latin(doc(entry('\xc0\xae@x.test')))], ['a raw line break in a text', doc(entry('a\n@x.test'))],
  ['a raw NUL in a text', doc(entry('a\0@x.test'))], ['an unknown word', doc('{"value":nope}')],
]);

const survived = passes([
  ...['a\\r\\nBcc: b@x.test', '<script>alert(1)</script>@x.test', '../../etc/passwd', '..\\\\..\\\\x@x.test', '\\ud800@x.test',
    '\\u0000@x.test', 'a@x.test\\u2028', `${'a'.repeat(300)}@x.test`, '@', 'a@', '@x.test', 'a b@x.test', 'a@@x.test', '',
  ].map((address) => [`the address ${address.slice(0, 40)}`, doc(`${entry(address)},${entry('good@x.test')}`, '{"results":2}')]),
  ...['null', '7', '"x"', '[]', '{}', '[[[{}]]]', '1e400', '{"value":5}', '{"value":null}', '{"value":{"value":"a@x.test"}}',
  ].map((row) => [`the entry ${row}`, doc(`${row},${entry('good@x.test')}`, '{"results":2}')]),
  ...['"confidence":1e400', '"confidence":-7', '"confidence":"9"', '"first_name":12', '"first_name":"\\u001b[31m"',
    '"last_name":"=cmd|x"', `"position":"${'x'.repeat(100_000)}"`, '"sources":{}', '"sources":[7]', '"verification":[]',
    `"sources":[${Array(5000).fill('{"uri":"http://x.test"}').join()}]`, `"x":${'['.repeat(900)}${']'.repeat(900)}`,
    '"first_name":"\\ud83d\\ude00"', '"type":"\\u202egnp.exe"',
  ].map((more) => [`the field ${more.slice(0, 40)}`, doc(entry('good@x.test', `,${more}`))]),
  ['10,000 entries', doc(Array(9_999).fill('{}').concat(entry('good@x.test')).join(), '{"results":10000}')],
  ['a byte order mark', `\ufeff${doc(entry('good@x.test'))}`],
  ['an unknown key of a megabyte', `{"x":"${'y'.repeat(1e6)}",${doc(entry('good@x.test')).slice(1)}`],
  ['the same address a thousand times', doc(Array(1000).fill(entry('good@x.test')).join(), '{"results":1000}')],
]);

export const hostileBodies = [...noPages, ...deep, ...wrongTypes, ...hostileText, ...survived];
