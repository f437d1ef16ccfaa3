// Reads generated boards with the types of Grafana's SDK (it has no JSON Schema on npm): each part of a board becomes a
// constant of its type, so that unknown fields, missing ones and wrong values are errors of the compiler.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder, panelsOf } from './boards.mjs';

const ts = createRequire(join(folder, 'source/package.json'))('typescript');
const here = dirname(fileURLToPath(import.meta.url));

const kinds = { bargauge: 'BarGauge', stat: 'Stat', 'state-timeline': 'StateTimeline', table: 'Table', timeseries: 'TimeSeries' };

/// The parts of a board as [what, type, value].
function parts(board) {
  const { panels, annotations, templating, __inputs: inputs, __requires: requires, __elements: elements, ...rest } = board;
  return [
    ['board', 'Board', { ...rest, panels: [], annotations: {}, templating: {} }],
    ...panels.filter(({ type }) => type === 'row').map((row) => [`row ${row.title}`, 'Row', row]),
    ...panelsOf(board).map((panel) => [`panel ${panel.title}`, kinds[panel.type] ?? 'UnknownKindOfPanel', panel]),
    ...annotations.list.map((annotation) => [`annotation ${annotation.name}`, 'Annotation', annotation]),
    ...templating.list.map((variable) => [`variable ${variable.name}`, 'Variable', variable]),
    ...inputs ? [['__inputs', 'Inputs', inputs], ['__requires', 'Requires', requires], ['__elements', 'Elements', elements]] : [],
  ];
}

/// What the compiler says about the boards, as [[board, part, message], ...].
export function mistakes(boards) {
  const name = join(here, 'boards.ts');
  const all = boards.flatMap((board) => parts(board).map((part) => [board.title, ...part]));
  const lines = all.map(([, , type, value], index) => `export const p${index}: types.${type} = ${JSON.stringify(value)};`);
  const text = `import type * as types from './board_types';\n${lines.join('\n')}\n`;
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { '@grafana/grafana-foundation-sdk/*': [join(folder, 'source/node_modules/@grafana/grafana-foundation-sdk/dist/*/index.d.ts')] } };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, ...more) => (file === name ? ts.createSourceFile(file, text, ...more) : getSourceFile(file, ...more));
  host.fileExists = (file) => file === name || fileExists(file);
  host.readFile = (file) => (file === name ? text : readFile(file));
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (file?.fileName !== name) return [file?.fileName ?? 'compiler', '', message];
    const { line } = file.getLineAndCharacterOfPosition(start);
    return [...all[line - 1]?.slice(0, 2) ?? ['boards', ''], message];
  });
}
