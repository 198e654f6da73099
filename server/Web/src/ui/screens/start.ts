import type { DropView } from "../../types.ts";
import { pick } from "../../locales/index.ts";
import type { App } from "../app.ts";
import { appAround, maybeTorBrowser } from "../browsers.ts";
import { h, type Child } from "../dom.ts";
import { button, section, title, warning } from "../frame.ts";
import { groupsOfFour, showDay } from "../format.ts";
import { ids } from "../ids.ts";
import { isolate, readersSentence } from "../readers.ts";
import { beginConversation } from "../state.ts";

/** Says what is safe before it asks for anything. */
export function start(app: App): Child {
  const drop = app.state.drop;
  if (!drop) return null;
  const texts = app.texts.start;
  const name = isolate(app.dropName);
  return [
    title(texts.title(name)),
    warnings(app, drop),
    h("p", { class: "lead" }, texts.lead),
    h("p", { id: ids.readers }, readersSentence(app, drop)),
    drop.linkVouches ? null : link(app, drop, name),
    h(
      "p",
      { class: "buttons" },
      button(ids.write, texts.write, () => {
        beginConversation(app.state, app.core.generateCodename);
        app.show("codename");
      }),
      button(ids.haveWords, texts.haveWords, () => app.show("words"), "second"),
    ),
    drop.linkVouches ? link(app, drop, name) : null,
    section(texts.saferTitle, safer(app)),
    channels(app, drop),
    notices(app, drop),
  ];
}

function warnings(app: App, drop: DropView): Child {
  const texts = app.texts.start;
  const around = appAround(navigator.userAgent, app.state.language);
  const { origins, issued } = drop.roster;
  return [
    around &&
      warning(
        ids.warningApp,
        h("p", { class: "strong" }, texts.app(around)),
        h("p", null, texts.appOut(around)),
        // Such an app shows no address bar to copy from.
        h("p", null, h("code", { id: ids.address, translate: "no" }, location.href)),
        h("p", null, texts.appStay),
      ),
    origins.length > 0 &&
      !origins.includes(location.origin) &&
      warning(ids.warningOrigin, h("p", null, texts.origin(location.origin, app.texts.list(origins.map(isolate))))),
    issued > drop.day &&
      warning(ids.warningClock, h("p", null, texts.clock(showDay(drop.day, app.texts), showDay(issued, app.texts)))),
  ];
}

function link(app: App, drop: DropView, name: string): Child {
  const texts = app.texts.start;
  // Shown with a link that vouches too: whoever got it by a way that is not beyond doubt can compare it as well.
  const key = [
    h("p", null, texts.keyIs),
    h(
      "p",
      null,
      // The groups are only drawn apart: copied, the key is in one piece.
      h(
        "code",
        { id: ids.key, translate: "no" },
        groupsOfFour(drop.dropKeyText).map((group) => h("span", { class: "group" }, group)),
      ),
    ),
  ];
  if (drop.linkVouches) return section(texts.linkTitle, h("p", { id: ids.vouched }, texts.vouched(name)), key);
  return h(
    "section",
    { id: ids.notVouched, class: "warning" },
    h("h2", null, texts.linkTitle),
    h("p", null, texts.notVouched(name)),
    h("p", null, texts.compare(name)),
    key,
  );
}

/** Each only if it applies, or cannot be known from here. */
function safer(app: App): Child {
  const texts = app.texts.start;
  const inTor = maybeTorBrowser(
    location.hostname,
    navigator.userAgent,
    Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  return h(
    "ul",
    { id: ids.safer },
    inTor ? null : h("li", { id: ids.warningTor }, texts.tor),
    h("li", null, texts.work),
    h("li", null, texts.look),
    h("li", null, texts.leave),
  );
}

/** Other ways to reach the drop, as text: a link would be one careless press away from traffic that is not hidden. */
export function channels(app: App, drop: DropView): Child {
  const texts = app.texts.start;
  if (drop.roster.channels.length === 0) return null;
  return section(
    texts.channelsTitle,
    h("p", null, texts.channelsHint),
    h(
      "dl",
      { id: ids.channels },
      drop.roster.channels.map((channel) => {
        const label = pick(channel.label, app.state.language);
        return h(
          "div",
          null,
          h("dt", { lang: label.language, dir: "auto" }, label.text || texts.channelKinds[channel.kind]),
          h("dd", { dir: "auto", class: "verbatim" }, channel.value),
        );
      }),
    ),
  );
}

export function notices(app: App, drop: DropView): Child {
  if (drop.roster.notices.length === 0) return null;
  return h(
    "section",
    { id: ids.notices },
    h("h2", null, app.texts.start.noticesTitle),
    drop.roster.notices.map((notice) => {
      const heading = pick(notice.title, app.state.language);
      const text = pick(notice.text, app.state.language);
      return [
        h("h3", { lang: heading.language, dir: "auto" }, heading.text),
        h("p", { class: "hint" }, showDay(notice.day, app.texts)),
        h("p", { lang: text.language, dir: "auto", class: "verbatim" }, text.text),
      ];
    }),
  );
}
