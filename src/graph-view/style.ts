import { sizes } from './box-text.js';

/** The least share of the operations for each of the heat colors; the first color is for less. */
export const heatSteps = [0.001, 0.01, 0.05, 0.15, 0.35] as const;

/** The number of the heat color for a share of the operations. */
export function heatOf(share: number): number {
  return heatSteps.filter((step) => share >= step).length;
}

const light = {
  paper: '#ffffff',
  ink: '#1f2933',
  soft: '#5f6b7a',
  line: '#8592a3',
  border: '#b3bdc9',
  frame: '#c3ccd6',
  band: '#e9edf2',
  inside: '#f8f9fb',
  end: '#e3edf7',
  state: '#e8f1ea',
  accent: '#2266aa',
  heat0: '#ffffff',
  heat1: '#fdf6e6',
  heat2: '#fbe9c4',
  heat3: '#f8d49a',
  heat4: '#f3b673',
  heat5: '#ec9455',
} as const;

const dark: Readonly<Record<keyof typeof light, string>> = {
  paper: '#15191e',
  ink: '#e6eaef',
  soft: '#9aa6b4',
  line: '#76828f',
  border: '#4a5561',
  frame: '#3c4650',
  band: '#272e36',
  inside: '#1b2027',
  end: '#1f2f40',
  state: '#20332a',
  accent: '#6cb0f2',
  heat0: '#20262d',
  heat1: '#2f2a20',
  heat2: '#443720',
  heat3: '#5e451f',
  heat4: '#7d531f',
  heat5: '#9c5d22',
};

function variables(colors: Readonly<Record<string, string>>): string {
  return Object.entries(colors)
    .map(([name, color]) => `--${name}:${color}`)
    .join(';');
}

export const fonts = {
  text: "'Inter','Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif",
  code: "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace",
} as const;

/** The rules of a picture: light or dark as the reader prefers, or as an attribute of the page or the picture says. */
export const pictureStyle: string = [
  `.archc{${variables(light)}}`,
  `@media (prefers-color-scheme:dark){.archc{${variables(dark)}}}`,
  `[data-theme=light] .archc,.archc[data-theme=light]{${variables(light)}}`,
  `[data-theme=dark] .archc,.archc[data-theme=dark]{${variables(dark)}}`,
  `.archc text{font-family:${fonts.text};fill:var(--ink)}`,
  '.archc .paper{fill:var(--paper)}',
  '.archc .box{fill:var(--heat0);stroke:var(--border);stroke-width:1}',
  ...heatSteps.map((_, i) => `.archc .h${i + 1}>.box,.archc .box.h${i + 1}{fill:var(--heat${i + 1})}`),
  '.archc .input>.box,.archc .output>.box{fill:var(--end)}',
  '.archc .state>.box,.archc .next>.box,.archc .carry>.box,.archc .item>.box,.archc .pass>.box,.archc .emit>.box,.archc .test>.box,.archc .result>.box{fill:var(--state)}',
  '.archc .h4 .type,.archc .h4>.detail,.archc .h5 .type,.archc .h5>.detail{fill:var(--ink)}',
  '.archc .operator>.box{stroke:var(--frame)}',
  '.archc .frame{fill:var(--inside);stroke:var(--border);stroke-width:1}',
  '.archc .band{fill:var(--band)}',
  '.archc .rule{stroke:var(--border);stroke-width:1}',
  `.archc .label{font-size:${sizes.label}px;font-weight:600}`,
  `.archc .type,.archc .detail{font-size:${sizes.small}px;font-weight:400;fill:var(--soft)}`,
  `.archc .operator>.label,.archc .input>.label,.archc .output>.label{font-weight:500}`,
  `.archc .shape{font-size:${sizes.shape}px;fill:var(--soft)}`,
  '.archc .ground{fill:var(--ground,var(--paper))}',
  '.archc .contents{--ground:var(--inside)}',
  '.archc .edge{fill:none;stroke:var(--line);stroke-width:1.3}',
  '.archc .casing{fill:none;stroke:var(--ground,var(--paper));stroke-width:5}',
  '.archc .head,.archc .port{fill:var(--line)}',
  `.archc .title{font-size:${sizes.title}px;font-weight:700}`,
  '.archc .subtitle,.archc .legend{font-size:11px;fill:var(--soft)}',
  '.archc .entry{font-size:14px;font-weight:600}',
  '.archc .swatch{stroke:var(--border);stroke-width:.6}',
].join('\n');
