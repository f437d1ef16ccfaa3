// The series of a panel as they are shown: with colour, line and unit after the panel's rules.
import { color, ofPalette } from './colors.mjs';

function fits({ id, options }, name) {
  if (id === 'byName') return options === name;
  if (id !== 'byRegexp') throw new Error(`overrides by ${id} are not drawn: add them to drawing/fields.mjs`);
  const [, pattern, flags] = options.match(/^\/(.*)\/([a-z]*)$/) ?? [null, `^${options}$`, ''];
  return new RegExp(pattern, flags).test(name);
}

/// {id: value} of all overrides that fit the name.
export function overridesOf(panel, name) {
  const all = panel.fieldConfig.overrides.filter(({ matcher }) => fits(matcher, name));
  return Object.fromEntries(all.flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])));
}

/// All series of the panel, in order: {name, points, color, dash, fill, width}.
export function fieldsOf({ panel, targets }) {
  const { custom = {} } = panel.fieldConfig.defaults;
  return targets.flatMap(({ series }) => series).map((series, index) => {
    const own = overridesOf(panel, series.name);
    return {
      ...series,
      color: own.color ? color(own.color.fixedColor) : ofPalette(index),
      dash: own['custom.lineStyle']?.dash ?? [],
      fill: own['custom.fillOpacity'] ?? custom.fillOpacity ?? 0,
      width: own['custom.lineWidth'] ?? custom.lineWidth ?? 1,
    };
  });
}

/// The last value that is a number; undefined without one.
export const lastOf = ({ points }) => points.findLast(([, value]) => !Number.isNaN(value))?.[1];

export function maxOf({ points }) {
  const values = points.map(([, value]) => value).filter((value) => !Number.isNaN(value));
  return values.length ? Math.max(...values) : undefined;
}
