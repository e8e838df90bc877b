import { fonts, pictureStyle } from './style.js';

/** The rules of a page or a webview that shows a model: those of the picture, and those of what is around it. */
export const pageStyle: string = `${pictureStyle}
html,body{margin:0;padding:0;height:100%}
#archc-graph{display:flex;flex-direction:column;height:100vh;font:13px ${fonts.text};
--page:#f3f5f7;--panel:#ffffff;--text:#1f2933;--dim:#5f6b7a;--rim:#d3dae1;--focus:#2266aa;background:var(--page);color:var(--text)}
@media (prefers-color-scheme:dark){#archc-graph{--page:#101317;--panel:#1b2027;--text:#e6eaef;--dim:#9aa6b4;--rim:#343d47;--focus:#6cb0f2}}
[data-theme=light] #archc-graph{--page:#f3f5f7;--panel:#ffffff;--text:#1f2933;--dim:#5f6b7a;--rim:#d3dae1;--focus:#2266aa}
[data-theme=dark] #archc-graph{--page:#101317;--panel:#1b2027;--text:#e6eaef;--dim:#9aa6b4;--rim:#343d47;--focus:#6cb0f2}
.bar{display:flex;flex-wrap:wrap;gap:6px;padding:8px 10px;background:var(--panel);border-bottom:1px solid var(--rim);z-index:2}
.bar button,.place{font:inherit;color:inherit;background:none;border:1px solid var(--rim);border-radius:6px;padding:4px 10px;cursor:pointer}
.bar button:hover,button.place:hover{border-color:var(--focus)}
.bar button[aria-pressed=true]{background:color-mix(in srgb,var(--focus) 16%,transparent);border-color:var(--focus)}
.bar :focus-visible,.place:focus-visible,.stage:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.search{position:relative;flex:1 1 180px;max-width:340px}
.search input{box-sizing:border-box;width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--rim);border-radius:6px;padding:5px 9px}
.search ul{position:absolute;top:100%;left:0;right:0;margin:4px 0 0;padding:4px;list-style:none;background:var(--panel);border:1px solid var(--rim);border-radius:8px;max-height:50vh;overflow:auto;box-shadow:0 6px 24px #0003}
.search li{padding:5px 8px;border-radius:5px;cursor:pointer;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.search li[aria-selected=true],.search li:hover{background:color-mix(in srgb,var(--focus) 16%,transparent)}
#archc-graph small{color:var(--dim);font-weight:400}
.body{position:relative;flex:1;min-height:0;display:flex}
.stage{position:relative;flex:1;overflow:hidden;touch-action:none;cursor:grab;outline-offset:-2px}
.stage:active{cursor:grabbing}
.stage svg{position:absolute;left:0;top:0;transform-origin:0 0;user-select:none}
.stage .paper{fill:none}
.stage .archc{--paper:var(--page)}
.stage .block{cursor:default;outline:none}
.stage .block[aria-expanded]{cursor:pointer}
.stage .block:focus-visible>.box,.stage .block:focus-visible>.frame,.stage .selected>.box,.stage .selected>.frame{stroke:var(--accent);stroke-width:2}
.stage .marked>.box,.stage .marked>.frame{stroke:var(--accent);stroke-width:3;stroke-dasharray:5 3}
.stage .lit>.edge{stroke:var(--accent);stroke-width:2.2}
.stage .lit>.head{fill:var(--accent)}
.stage .flow:hover>.edge{stroke:var(--accent)}
.details{box-sizing:border-box;width:310px;overflow:auto;padding:14px 16px;background:var(--panel);border-left:1px solid var(--rim)}
.details[hidden]{display:none}
.details h2{font-size:15px;margin:0 0 10px;overflow-wrap:anywhere}
.details dl{display:grid;grid-template-columns:max-content 1fr;gap:5px 12px;margin:0}
.details dt{color:var(--dim)}
.details dd{margin:0;overflow-wrap:anywhere}
.details code,.details pre{font:11.5px ${fonts.code};color:inherit}
.details code{display:block;padding:0;border-radius:0;background:none}
.details pre{margin:8px 0 0;padding:8px;background:var(--page);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.details .arrow{white-space:nowrap}
.details .close{float:right;font:inherit;color:var(--dim);background:none;border:0;padding:0 4px;cursor:pointer}
.source{margin-top:14px}
span.place{border:0;padding:0;color:var(--dim);cursor:text}
.said{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:640px){.body{flex-direction:column}.details{width:auto;max-height:40%;border-left:0;border-top:1px solid var(--rim)}}
@media (prefers-reduced-motion:no-preference){.bar button{transition:border-color .12s}}
`;
