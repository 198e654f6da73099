// A source's steps as fast as the page takes them, for tests that need hundreds of visits: its own fields and buttons, worked by
// script. How a person types is tested elsewhere.

/**
 * From the start to the last button before a visit; answers the button's id. `change` makes the page on the wire what it must not be:
 * "no decoy" leaves the upload out, "delay" asks for the ticket 80 ms later. `haste` is how much faster the second passes in which
 * it seals.
 */
export async function prepare(page, { kind, message, change, haste }) {
  return page.evaluate(
    async ({ kind, message, change, haste }) => {
      const at = (id) => document.getElementById(id);
      const shown = async (name) => {
        while (at('main')?.dataset.screen !== name) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      const fill = (id, value) => {
        at(id).value = value;
        at(id).dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      const { setInterval } = window;
      window.setInterval = (call, wait) => setInterval(call, wait / haste);
      if (change) {
        const { fetch } = window;
        window.fetch = async (path, options) => {
          if (change === 'delay' && path.endsWith('/ticket')) await new Promise((resolve) => setTimeout(resolve, 80));
          if (change === 'no decoy' && options.method === 'PUT') return new Response(null, { status: 204 });
          return fetch(path, options);
        };
      }
      await shown('start');
      if (kind === 'report') {
        at('write').click();
        const words = [...document.querySelectorAll('#words li')].map((e) => e.textContent);
        at('next').click();
        for (const n of [1, 2, 3]) fill(`confirm-${n}`, words[at(`confirm-${n}`).dataset.position - 1]);
        at('next').click();
      } else {
        at('have-words').click();
        for (let n = 1; n <= 12; n++) fill(`word-${n}`, n < 12 ? 'abandon' : 'about');
        if (kind === 'check') return 'check-replies';
        at('follow-up').click();
      }
      await shown('report');
      fill('message', message);
      return 'send';
    },
    { kind, message, change, haste },
  );
}

/** Presses it, and waits for the end of the visit. */
export async function runPrepared(page, button) {
  const end = await page.evaluate(
    (button) =>
      new Promise((resolve) => {
        const main = document.getElementById('main');
        new MutationObserver(() => {
          if (['done', 'conversation', 'problem'].includes(main.dataset.screen)) resolve(main.dataset.screen);
        }).observe(main, { attributeFilter: ['data-screen'] });
        document.getElementById(button).click();
      }),
    button,
  );
  if (end !== (button === 'send' ? 'done' : 'conversation')) throw new Error(`the visit ended with ${end}: ${await page.$eval('#main', (e) => e.innerText)}`);
}
