/** The looks of the reference page: paper, one accent, and nothing that needs a script. */
export const pageStyle = `
:root {
  --paper: #fbfaf7; --ink: #24211c; --quiet: #6a655c; --line: #e3dfd6; --accent: #8a4b20; --sunk: #f2efe8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #1b1a18; --ink: #ece8e0; --quiet: #a49d91; --line: #37342f; --accent: #e0a277; --sunk: #242220;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 24px 16px 96px; background: var(--paper); color: var(--ink);
  font: 15px/24px system-ui, sans-serif;
}
header, main { max-width: 860px; margin: 0 auto; }
h1 { font-size: 24px; line-height: 32px; margin: 8px 0; }
h2 { font-size: 19px; margin: 48px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 24px 0 4px; overflow-wrap: anywhere; }
h4 { font-size: 13px; margin: 16px 0 4px; color: var(--quiet); font-weight: 600; }
h3 a { color: inherit; text-decoration: none; }
h3 b { color: var(--accent); font-size: 12px; letter-spacing: 0.04em; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; }
nav a { text-decoration: none; padding: 4px 0; }
p { margin: 4px 0 8px; max-width: 68ch; }
code { font: 13px/20px ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--sunk); padding: 12px; margin: 8px 0; overflow-x: auto; border-radius: 6px; }
pre code { overflow-wrap: normal; }
summary { cursor: pointer; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; margin: 4px 0 8px; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-top: 1px solid var(--line); }
th { font-weight: 400; width: 32%; min-width: 96px; }
td table { margin: 0; }
i { color: var(--quiet); font-size: 12px; }
ul { padding-left: 20px; margin: 4px 0; }
@media (max-width: 480px) {
  th { width: 42%; }
  td table tr, td table th, td table td { display: block; width: auto; }
  td table td { border-top: 0; }
}
`
