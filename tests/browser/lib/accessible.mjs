// What must hold on every screen for whoever sees little, sees nothing, or uses no mouse. Each function runs in the page and answers
// a list of what is wrong, empty where nothing is.

/** Names, roles, headings, references and focus order as the document has them. */
export function structure() {
  const wrong = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const say = (what, e) => wrong.push(`${what}: ${e.outerHTML.slice(0, 160)}`);
  for (const [selector, count] of [['h1', 1], ['main', 1], ['header', 1]]) {
    if (all(selector).length !== count) wrong.push(`${all(selector).length} of ${selector}`);
  }
  let level = 1;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say('a level left out', heading);
    if (heading.textContent.trim() === '') say('an empty heading', heading);
    level = next;
  }
  const ids = all('[id]').map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`id twice: ${id}`);
  for (const name of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'aria-activedescendant', 'for']) {
    for (const e of all(`[${name}]`)) for (const id of e.getAttribute(name).split(' ')) if (!document.getElementById(id)) say(`${name} leads nowhere`, e);
  }
  for (const e of all('input, textarea, select')) if (e.labels.length === 0) say('no label', e);
  for (const e of all('button')) if (e.textContent.trim() === '' && !e.ariaLabel) say('no name', e);
  for (const e of all('[tabindex]')) if (e.tabIndex > 0) say('an order of its own', e);
  for (const e of all('[aria-invalid=true]')) if (!e.getAttribute('aria-describedby')?.includes('-error')) say('wrong, and not said what', e);
  for (const e of all('img, svg, video, canvas, iframe, marquee')) say('not text', e);
  if (!['en', 'zh-Hans'].includes(document.documentElement.lang)) wrong.push(`language ${document.documentElement.lang}`);
  return wrong;
}

/** Nothing wider than the window, nothing cut off, nothing over anything else, type and targets large enough. */
export function layout() {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth > width) wrong.push(`${document.scrollingElement.scrollWidth} wide in a window of ${width}`);
  const controls = [];
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('.unseen, noscript, script, style') || e.tagName === 'BDI') continue;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    if (box.width === 0 || style.visibility === 'hidden') continue;
    const say = (what) => wrong.push(`${what}: ${e.outerHTML.slice(0, 120)}`);
    if (box.left < -0.5 || box.right > width + 0.5) say(`from ${box.left} to ${box.right} of ${width}`);
    if (!['INPUT', 'TEXTAREA'].includes(e.tagName) && style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth) say('cut off');
    if (e.tagName === 'BUTTON' && e.scrollWidth > e.clientWidth + 1) say('its text sticks out');
    const hasText = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (hasText && parseFloat(style.fontSize) < 18) say(`type of ${style.fontSize}`);
    if (style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0) say('moves');
    if (e.matches('button:not(.link), .pick label, input:not([type=file]), textarea, [role=option]')) {
      if (box.height < 24 || box.width < 24) say(`a target of ${box.width} × ${box.height}`);
      if (!e.closest('#suggestions, header')) controls.push([e, box]);
    }
  }
  for (const [i, [a, one]] of controls.entries()) {
    for (const [b, two] of controls.slice(i + 1)) {
      if (one.left < two.right - 1 && two.left < one.right - 1 && one.top < two.bottom - 1 && two.top < one.bottom - 1) wrong.push(`over one another: ${a.id} ${b.id}`);
    }
  }
  return wrong;
}

/** Contrast (WCAG 2) of every text with what lies behind it, and of the frames of fields and buttons. */
export function contrast(least) {
  const wrong = [];
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) throw new Error('half transparent');
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
  };
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('.unseen, noscript, script, style')) continue;
    const style = getComputedStyle(e);
    const say = (what, found) => wrong.push(`${what} ${found.toFixed(1)}: ${e.outerHTML.slice(0, 100)}`);
    const hasText = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '') || ['INPUT', 'TEXTAREA'].includes(e.tagName);
    const text = ratio(parse(style.color), behind(e));
    if (hasText && text < least) say('text', text);
    if (style.opacity !== '1') say('opacity', Number(style.opacity));
    if (e.matches('input[type=text], textarea, button.second')) {
      const frame = ratio(parse(style.borderTopColor), behind(e.parentElement));
      if (frame < 3) say('frame', frame);
    }
  }
  return wrong;
}

/** What assistive technology is given (Chromium's own tree): every control has a name, and nothing is there twice. */
export async function namesAndRoles(page) {
  const session = await page.createCDPSession();
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const wrong = [];
  const roles = new Set(['button', 'textbox', 'combobox', 'radio', 'checkbox', 'link', 'option', 'listbox', 'progressbar', 'heading', 'group', 'radiogroup', 'alert']);
  const named = nodes.filter((node) => !node.ignored && roles.has(node.role.value));
  for (const node of named) {
    if (!node.name?.value?.trim() && node.role.value !== 'group' && node.role.value !== 'alert') wrong.push(`a ${node.role.value} without a name`);
  }
  const buttons = named.filter((node) => node.role.value === 'button').map((node) => node.name.value);
  const twice = buttons.filter((name, at) => buttons.indexOf(name) !== at);
  if (twice.length > 0) wrong.push(`buttons of one name: ${twice.join(', ')}`);
  for (const landmark of ['banner', 'main']) if (!nodes.some((node) => !node.ignored && node.role.value === landmark)) wrong.push(`no ${landmark}`);
  return wrong;
}

/** Forced colours (Chromium): frames, texts, the language chosen and the word chosen can still be seen. */
export async function inForcedColours(page) {
  const session = await page.createCDPSession();
  const force = (value) => session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value }] });
  await force('active');
  const wrong = await page.evaluate(() => {
    const bad = matchMedia('(forced-colors: active)').matches ? [] : ['colours are not forced'];
    for (const e of document.querySelectorAll('button:not(.link, .quiet), input:not([type=file], [type=radio], [type=checkbox]), textarea, .warning')) {
      const style = getComputedStyle(e);
      const chosen = e.ariaPressed !== 'false';
      if (chosen && (parseFloat(style.borderTopWidth) === 0 || style.borderTopColor === style.backgroundColor)) bad.push(`no frame: ${e.outerHTML.slice(0, 100)}`);
      if (style.forcedColorAdjust !== 'auto') bad.push(`keeps its own colours: ${e.id}`);
    }
    const frame = (selector) => getComputedStyle(document.querySelector(selector)).borderBottomWidth;
    if (frame('[aria-pressed=true]') === frame('[aria-pressed=false]')) bad.push('the language chosen is not marked');
    const option = document.querySelector('[role=option][aria-selected=true]');
    if (option && getComputedStyle(option).outlineStyle === 'none') bad.push('the word chosen is not marked');
    return bad;
  });
  wrong.push(...(await page.evaluate(contrast, 4.5)));
  await force('');
  await session.detach();
  return wrong;
}
