// PNGs of few colours: a board needs some hundred, and its picture is a third as large.
import { deflateSync, inflateSync } from 'node:zlib';

const most = 256;
const alike = 100; // the square of the distance of colours that count as one
const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function chunks(png) {
  const found = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) });
  }
  return found;
}

/// {width, height, channels} of an 8-bit picture without interlacing.
export function sizeOf(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('this is no PNG');
  const [{ data }] = chunks(png);
  const channels = { 2: 3, 3: 1, 6: 4 }[data[9]];
  if (data[8] !== 8 || !channels || data[12] !== 0) throw new Error('a PNG of 8 bits without interlacing is expected');
  return { width: data.readUInt32BE(0), height: data.readUInt32BE(4), channels };
}

function paeth(a, b, c) {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (da <= db && da <= dc) return a;
  return db <= dc ? b : c;
}

/// Rows of bytes without the filters of the format.
function pixels(png, { width, height, channels }) {
  const raw = inflateSync(Buffer.concat(chunks(png).filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const row = width * channels;
  const out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x < channels ? 0 : out[at - channels];
      const above = y ? out[at - row] : 0;
      const corner = y && x >= channels ? out[at - row - channels] : 0;
      const guess = [0, left, above, (left + above) >> 1, filter === 4 ? paeth(left, above, corner) : 0][filter];
      out[at] = raw[y * (row + 1) + 1 + x] + guess;
    }
  }
  return out;
}

const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

/// The most frequent colours that differ, and for each colour the index of the nearest of them.
function palette(colors) {
  const counts = new Map();
  for (const each of colors) counts.set(each, (counts.get(each) ?? 0) + 1);
  const kept = [];
  for (const [each] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (kept.length < most && kept.every((other) => distance(each, other) > alike)) kept.push(each);
  }
  const nearest = (each) => kept.reduce((best, other, index) => (distance(each, other) < distance(each, kept[best]) ? index : best), 0);
  return { kept, index: new Map([...counts.keys()].map((each) => [each, nearest(each)])) };
}

const crcs = Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ crc >>> 1 : crc >>> 1;
  return crc;
});

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const crc = ~body.reduce((sum, byte) => crcs[(sum ^ byte) & 255] ^ sum >>> 8, -1) >>> 0;
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc);
  return Buffer.concat([ends[0], body, ends[1]]);
}

/// The same picture with at most 256 colours.
export function withFewColors(png) {
  const { width, height, channels } = sizeOf(png);
  if (channels === 1) return png;
  const bytes = pixels(png, { width, height, channels });
  const colors = new Uint32Array(width * height);
  for (let at = 0; at < colors.length; at++) colors[at] = bytes.readUIntBE(at * channels, 3);
  const { kept, index } = palette(colors);
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < colors.length; at++) rows[at + Math.floor(at / width) + 1] = index.get(colors[at]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const plte = Buffer.from(kept.flatMap((each) => [each >> 16, each >> 8 & 255, each & 255]));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('PLTE', plte), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
