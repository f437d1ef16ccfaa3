// Prints from when to when each alert fired. Usage: node alerts_fired.mjs PROMETHEUS BEGAN (seconds since the epoch)
const [prometheus, began] = process.argv.slice(2);
const query = new URLSearchParams({
  query: 'max by (alertname) (ALERTS{alertstate="firing"})', start: began, end: String(Date.now() / 1000), step: '1',
});
const { status, error, data } = await (await fetch(`${prometheus}/api/v1/query_range?${query}`)).json();
if (status !== 'success') throw new Error(error);
const seconds = (time) => `${Math.round(time - Number(began))} s`.padStart(6);
const rows = data.result.map(({ metric, values }) => {
  const times = values.map(([time]) => time);
  return { name: metric.alertname, first: times[0], last: times.at(-1) };
}).sort((a, b) => a.first - b.first);
for (const { name, first, last } of rows) console.log(`${name.padEnd(32)} from ${seconds(first)} to ${seconds(last)}`);
