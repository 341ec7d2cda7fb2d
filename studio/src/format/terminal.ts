/* eslint-disable no-control-regex -- control characters are what this file is about */

/** CSI, OSC and two-character escape sequences (ECMA-48). */
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
/** They reorder text, so that a line reads otherwise than it is (Trojan Source). */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** Terminal output as plain text: colours go, a line that overwrote itself is its last state, the rest is made visible. */
export function plainOutput(output: string): string {
  return output
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r(?!$)/gm, '')
    .replace(CONTROLS, visible)
    .replace(BIDI, (mark) => `⟨U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase()}⟩`);
}

function visible(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  return code === 0x7f ? '␡' : String.fromCodePoint(0x2400 + code);
}
