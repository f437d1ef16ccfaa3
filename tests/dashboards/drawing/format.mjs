// Numbers with their units, as Grafana writes them.

/// About three digits, no zeros at the end unless `decimals` asks for them.
function digits(value, decimals) {
  if (decimals !== undefined) return value.toFixed(decimals);
  const places = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(places, 6))));
}

/// With the largest of the steps that fits: [[1, ' B'], [1024, ' KiB'], ...]
function scaled(steps) {
  return (value, decimals) => {
    const [size, name] = steps.findLast(([least]) => Math.abs(value) >= least) ?? steps[0];
    return digits(value / size, decimals) + name;
  };
}

const powers = (base, names) => names.map((name, index) => [base ** index, name]);
const short = scaled(powers(1000, ['', ' K', ' Mil', ' Bil', ' Tri']));
const seconds = scaled([[1e-9, ' ns'], [1e-6, ' µs'], [1e-3, ' ms'], [1, ' s'], [60, ' min'], [3600, ' hour'], [86_400, ' day'],
  [604_800, ' week'], [31_536_000, ' year']]);
const after = (name) => (value, decimals) => `${short(value, decimals)}${name}`;

const units = {
  short,
  s: (value, decimals) => (value === 0 ? '0 s' : seconds(value, decimals)),
  bytes: scaled(powers(1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB'])),
  Bps: scaled(powers(1000, [' B/s', ' kB/s', ' MB/s', ' GB/s'])),
  percentunit: (value, decimals) => `${digits(value * 100, decimals)}%`,
  reqps: after(' req/s'),
  ops: after(' ops/s'),
};

/// `unit` is one of Grafana's; throws for one that is not drawn here.
export function format(value, unit, decimals) {
  if (!Number.isFinite(value)) return String(value);
  if (unit.startsWith('suffix:')) return after(unit.slice(7))(value, decimals);
  if (!units[unit]) throw new Error(`the unit ${unit} is not drawn: add it to drawing/format.mjs`);
  return units[unit](value, decimals);
}

export const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
