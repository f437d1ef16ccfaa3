// Colours of Grafana's dark theme, and who gets which.
const named = {
  green: '#73bf69', yellow: '#fade2a', orange: '#ff9830', red: '#f2495c', blue: '#5794f2', purple: '#b877d9',
  'dark-red': '#c4162a', transparent: 'transparent',
};
const palette = ['#73bf69', '#f2cc0c', '#8ab8ff', '#ff780a', '#f2495c', '#5794f2', '#b877d9', '#705da0', '#37872d', '#fade2a',
  '#447ebc', '#c15c17', '#890f02', '#0a437c', '#6d1f62', '#584477'];

export const text = '#ccccdc';
export const faint = '#8e8ea0';
export const grid = '#2c3035';
export const panelColor = '#181b1f';
export const pageColor = '#111217';

export function color(name) {
  if (!named[name]) throw new Error(`the colour ${name} is not drawn: add it to drawing/colors.mjs`);
  return named[name];
}

export const ofPalette = (index) => palette[index % palette.length];

/// That of the last step that the value has reached.
export function byThreshold(value, { steps }) {
  return color((steps.findLast((step) => step.value === null || value >= step.value) ?? steps[0]).color);
}

/// {text, color} of a value that has words, else undefined.
export function mapped(value, mappings = []) {
  const found = mappings.find(({ options }) => options[value])?.options[value];
  return found && { text: found.text, color: color(found.color) };
}
