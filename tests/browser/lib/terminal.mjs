// A real terminal (tmux) in which commands run, and what stands in it as HTML: for the README's picture of the reviewer's tool.
import { randomBytes } from 'node:crypto';
import { run } from './drop.mjs';

const COLOURS = ['#1c1c1c', '#d7005f', '#5faf5f', '#d7af5f', '#5f87d7', '#af87d7', '#5fafaf', '#d0d0d0'];
const escape = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The style that SGR parameters (ECMA-48) ask for, beginning with `style`. */
function sgr(parameters, style) {
  let next = { ...style };
  const codes = parameters === '' ? [0] : parameters.split(';').map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code >= 30 && code <= 37) next.colour = COLOURS[code - 30];
    else if (code >= 90 && code <= 97) next.colour = COLOURS[code - 90];
    else if (code === 39) delete next.colour;
    else if (code === 38) i += codes[i + 1] === 5 ? 2 : 4;
  }
  return next;
}

/** What `tmux capture-pane -e` printed, as the inside of a `<pre>`. */
export function toHtml(captured) {
  let style = {};
  return captured.split(/(\x1b\[[0-9;]*m)/).map((piece) => {
    const code = /^\x1b\[([0-9;]*)m$/.exec(piece);
    if (code) {
      style = sgr(code[1], style);
      return '';
    }
    const css = [style.bold && 'font-weight:bold', style.dim && 'opacity:.7', style.colour && `color:${style.colour}`].filter(Boolean).join(';');
    return css ? `<span style="${css}">${escape(piece)}</span>` : escape(piece);
  }).join('');
}

/** Types each command into a shell in tmux, waits for its prompt to come back, and returns the screen with its colours. */
export async function session(commands, { width = 92, height = 40, cwd, env }) {
  const socket = `securedrop-${randomBytes(6).toString('hex')}`;
  const tmux = (...args) => run('tmux', ['-L', socket, ...args], { cwd, env });
  const prompt = '$ ';
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(width), '-y', String(height), `env PS1='${prompt}' bash --norc --noprofile -i`);
  try {
    for (const command of commands) {
      await tmux('send-keys', '-l', command);
      await tmux('send-keys', 'Enter');
      await idle(tmux, prompt);
    }
    const { stdout } = await tmux('capture-pane', '-p', '-e', '-J');
    return stdout.replace(/\n?\$ ?\s*$/, '\n');
  } finally {
    await tmux('kill-server');
  }
}

async function idle(tmux, prompt) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    await new Promise((r) => setTimeout(r, 300));
    const { stdout } = await tmux('capture-pane', '-p');
    if (stdout.trimEnd().split('\n').at(-1) === prompt.trimEnd()) return;
    if (Date.now() > deadline) throw new Error(`no prompt came back:\n${stdout}`);
  }
}
