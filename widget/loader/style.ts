/**
 * The style of the launcher and of the panel around the frame. Declarations of `:host` are important,
 * because an important declaration inside a shadow root wins over every one of the page outside.
 */
export const style = `
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: 0 auto auto 0 !important;
  z-index: 2147483647 !important;
  overflow: visible !important;
}
:host::before, :host::after, :host::backdrop {
  content: none !important;
  display: none !important;
}
* { box-sizing: border-box }
button {
  position: fixed;
  inset-block-end: max(20px, env(safe-area-inset-bottom));
  inset-inline-end: max(20px, env(safe-area-inset-right));
  width: 56px;
  height: 56px;
  padding: 0;
  border: 0;
  border-radius: 50%;
  background: #1d6a5a;
  color: #fff;
  cursor: pointer;
  box-shadow: 0 1px 2px rgb(40 30 20 / .2), 0 6px 20px rgb(40 30 20 / .22);
  transition: background .12s, transform .12s;
  -webkit-tap-highlight-color: transparent;
}
button:hover { background: #165447 }
button:active { transform: scale(.96) }
button:focus-visible, iframe:focus-visible { outline: 3px solid #7fcab5; outline-offset: 3px }
svg {
  display: block;
  width: 26px;
  height: 26px;
  margin: 15px;
  fill: none;
  stroke: currentColor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
}
button[aria-expanded=true] .closed, button[aria-expanded=false] .opened, b:empty { display: none }
b {
  position: absolute;
  inset-block-start: -4px;
  inset-inline-end: -4px;
  min-width: 24px;
  padding: 0 6px;
  border-radius: 12px;
  background: #fff;
  color: #26221d;
  font: 700 13px/24px system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
  box-shadow: 0 1px 3px rgb(40 30 20 / .35);
}
section {
  position: fixed;
  inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + 72px);
  inset-inline-end: max(20px, env(safe-area-inset-right));
  width: min(400px, 100vw - 40px);
  height: min(680px, 100dvh - 116px);
  border-radius: 16px;
  overflow: hidden;
  background: #fdfcfa;
  color: #655e54;
  box-shadow: 0 0 0 1px rgb(40 30 20 / .08), 0 12px 48px rgb(40 30 20 / .24);
  animation: rise .14s ease-out;
}
section[hidden] { display: none }
p {
  position: absolute;
  inset: 40% 32px auto;
  margin: 0;
  font: 14px/20px system-ui, sans-serif;
  text-align: center;
  opacity: 0;
  animation: late 0s 8s forwards;
}
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; opacity: 0 }
.ready iframe { opacity: 1 }
.ready p { display: none }
@keyframes rise { from { opacity: 0; transform: translateY(8px) } }
@keyframes late { to { opacity: 1 } }
@media (max-width: 480px), (max-height: 420px) {
  section { inset: 0; width: 100%; height: 100dvh; border-radius: 0; box-shadow: none }
  section:not([hidden]) ~ button { display: none }
}
@media (prefers-reduced-motion: reduce) {
  button { transition: none }
  section { animation: none }
}
@media print { :host { display: none !important } }
`

/** The same in the dark. */
export const darkStyle = `
button { background: #7fcab5; color: #10211c }
button:hover { background: #9ad8c6 }
section { background: #1b1a18; color: #aaa297; box-shadow: 0 0 0 1px rgb(255 240 220 / .1), 0 12px 48px rgb(0 0 0 / .5) }
`
