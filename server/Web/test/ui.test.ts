import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generateCodename, wordList } from "../src/core.ts";
import { locales, pick, preferredLanguage } from "../src/locales/index.ts";
import type { Conversation, DropView } from "../src/types.ts";
import type { App } from "../src/ui/app.ts";
import { appAround, maybeTorBrowser } from "../src/ui/browsers.ts";
import { distinctPositions } from "../src/ui/chance.ts";
import { fileKind } from "../src/ui/files.ts";
import { groupsOfFour, showBytes, showDay, showLastDay, showTimeLeft } from "../src/ui/format.ts";
import { isolate } from "../src/ui/readers.ts";
import { refusalReason } from "../src/ui/refusal.ts";
import { charactersIn } from "../src/ui/room.ts";
import { ThriceShift } from "../src/ui/shift.ts";
import { beginConversation, newState } from "../src/ui/state.ts";
import { draftErrors } from "../src/ui/submit.ts";
import { beginVisit } from "../src/ui/visit.ts";
import { complete, splitWords, suggest } from "../src/ui/wordlist.ts";

const lists = [wordList("en"), wordList("zh-Hans")];
const { en, "zh-Hans": zhHans } = locales;
const web = join(process.env["REPOSITORY"] ?? "", "server/Web");

/** Presses of Shift at these milliseconds; what `between` does happens before the last of them. */
function press(times: number[], between?: (shift: ThriceShift) => void, key: object = {}): boolean {
  const shift = new ThriceShift();
  const event = {
    key: "Shift",
    repeat: false,
    isComposing: false,
    keyCode: 16,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    ...key,
  };
  let left = false;
  times.forEach((timeStamp, index) => {
    if (index === times.length - 1) between?.(shift);
    shift.down(event);
    left = shift.up({ ...event, timeStamp });
  });
  return left;
}

test("ThriceShift_ThreeAloneWithinFiveSeconds_Leaves", () => {
  assert.equal(press([0, 2000, 4999]), true);
  assert.equal(press([0, 100]), false);
  assert.equal(press([0, 2000, 5001]), false);
});

test("ThriceShift_AnythingElseBetweenOrComposing_Stays", () => {
  const letter = {
    key: "A",
    repeat: false,
    isComposing: false,
    keyCode: 65,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
  };
  assert.equal(
    press([0, 100, 200], (shift) => shift.down(letter)),
    false,
  );
  assert.equal(
    press([0, 100, 200], (shift) => shift.reset()),
    false,
  );
  assert.equal(press([0, 100, 200], undefined, { isComposing: true }), false);
  assert.equal(press([0, 100, 200], undefined, { keyCode: 229 }), false);
  assert.equal(press([0, 100, 200], undefined, { ctrlKey: true }), false);
  assert.equal(press([0, 100, 200], undefined, { repeat: true }), false);
});

test("AppAround_AgentOfInAppBrowser_NamesTheApp", () => {
  const android =
    "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Version/4.0 Chrome/116.0 Mobile Safari/537.36 ";
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 ";
  const agents: [string, string, string][] = [
    [android + "MicroMessenger/8.0.42.2460(0x28002A35) WeChat/arm64", "WeChat", "微信"],
    [android + "V1_AND_SQ_8.9.88_0 QQ/8.9.88.13035 NetType/WIFI", "QQ", "QQ"],
    [phone + "Weibo (iPhone14,5__weibo__13.9.0__iphone__os17.0)", "Weibo", "微博"],
    [phone + "[FBAN/FBIOS;FBAV/430.0.0.30;FBDV/iPhone14,5]", "Facebook", "Facebook"],
    [phone + "Instagram 300.0.0.12 (iPhone14,5; iOS 17_0; en_US)", "Instagram", "Instagram"],
    [android + "musical_ly_2023105030 BytedanceWebview/d8a21c6", "TikTok", "TikTok"],
    [phone + "Safari Line/13.16.0", "LINE", "LINE"],
    [android + "Telegram-Android/10.2.3", "Telegram", "Telegram"],
  ];
  for (const [agent, english, chinese] of agents) {
    assert.equal(appAround(agent, "en"), english, agent);
    assert.equal(appAround(agent, "zh-Hans"), chinese, agent);
  }
});

test("AppAround_AgentOfBrowser_IsNull", () => {
  for (const agent of [
    "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; U; Android 13) AppleWebKit/537.36 Version/4.0 Chrome/109.0 MQQBrowser/14.4 Mobile Safari/537.36",
  ])
    assert.equal(appAround(agent, "en"), null, agent);
});

test("MaybeTorBrowser_OnionOrFirefoxInUtc_IsTrue", () => {
  const firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
  assert.equal(maybeTorBrowser("abc.onion", "anything", "Asia/Shanghai"), true);
  assert.equal(maybeTorBrowser("drop.example", firefox, "UTC"), true);
  assert.equal(maybeTorBrowser("drop.example", firefox, "Asia/Shanghai"), false);
  assert.equal(maybeTorBrowser("drop.example", "Mozilla/5.0 Chrome/140.0", "UTC"), false);
  assert.equal(maybeTorBrowser("abc.onion.example", "Mozilla/5.0 Chrome/140.0", "UTC"), false);
});

test("ShowBytes_AtEachUnit_RoundsForAPerson", () => {
  assert.deepEqual(
    [0, 999, 1000, 999_949, 999_950, 31_457_280, 5 * 2 ** 30].map((bytes) => showBytes(bytes, en)),
    ["0 bytes", "999 bytes", "1.0 KB", "1000 KB", "1.0 MB", "31.5 MB", "5.4 GB"],
  );
});

test("ShowTimeLeft_FromSecondsToDays_SaysWhenTooSlow", () => {
  assert.equal(showTimeLeft(3, en), "less than a minute left");
  assert.equal(showTimeLeft(60, en), "about 1 minute left");
  assert.equal(showTimeLeft(200, en), "about 3 minutes left");
  assert.equal(showTimeLeft(7200, en), "about 2 hours left");
  assert.equal(showTimeLeft(3 * 86_400, en), en.sending.tooSlow);
});

test("ShowDay_OfTheProtocol_InWordsElseAsItIs", () => {
  assert.equal(showDay("2026-12-25", en), "25 December 2026");
  assert.equal(showDay("2026-12-25", zhHans), "2026 年 12 月 25 日");
  assert.equal(showDay("soon", en), "soon");
  assert.equal(showLastDay("2026-11-25", en), "25 December 2026");
  assert.equal(showLastDay("2026-11-25", zhHans), "2026 年 12 月 25 日");
});

test("GroupsOfFour_Key_KeepsEveryCharacter", () => {
  const key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
  assert.equal(groupsOfFour(key).length, 14);
  assert.equal(groupsOfFour(key).join(""), key);
});

test("CharactersIn_ChineseText_CountsThreeBytesEach", () => {
  assert.equal(charactersIn(3000, "", 3), 1000);
  assert.equal(charactersIn(300, "汉".repeat(100), 1), 100);
  assert.equal(charactersIn(90, "a".repeat(100), 3), 90);
  assert.equal(charactersIn(-5, "a".repeat(100), 1), 5);
  assert.equal(charactersIn(-1, "汉".repeat(100), 1), 1);
});

test("Words_PastedWithNumbersOrWithoutSpaces_AreSplit", () => {
  assert.deepEqual(splitWords("1. Abandon, 2. ability\n3) able"), ["abandon", "ability", "able"]);
  assert.deepEqual(splitWords("的一是 在"), ["的", "一", "是", "在"]);
  assert.deepEqual(splitWords(" 12 "), []);
});

test("Complete_BeginningOfOneWord_IsThatWord", () => {
  assert.equal(complete("aban", lists), "abandon");
  assert.equal(complete("ACT", lists), "act");
  assert.equal(complete("ab", lists), "ab");
  assert.equal(complete("xyz", lists), "xyz");
  assert.equal(complete("", lists), "");
});

test("Suggest_Beginning_AtMostSoManyAndNoneWhenWhole", () => {
  assert.deepEqual(suggest("neg", lists, 8), ["negative", "neglect"]);
  assert.equal(suggest("co", lists, 8).length, 8);
  assert.deepEqual(suggest("c", lists, 8), []);
  assert.deepEqual(suggest("abandon", lists, 8), []);
});

test("DistinctPositions_ManyTimes_DifferentAscendingAndEveryOneComesUp", () => {
  const seen = new Set<number>();
  for (let i = 0; i < 500; i++) {
    const [a = 0, b = 0, c = 0] = distinctPositions(3, 12);
    assert.ok(1 <= a && a < b && b < c && c <= 12);
    [a, b, c].forEach((position) => seen.add(position));
  }
  assert.equal(seen.size, 12);
});

test("FileKind_ByNameOrType_FindsWhatGivesMostAway", () => {
  assert.equal(fileKind("IMG_1.HEIC", ""), "picture");
  assert.equal(fileKind("x", "video/mp4"), "picture");
  assert.equal(fileKind("report.pdf", ""), "document");
  assert.equal(fileKind("a.docx", ""), "document");
  assert.equal(fileKind("notes.bin", ""), "other");
});

test("Isolate_TextThatTurnsTheLine_IsWrapped", () => {
  assert.equal(isolate("Anna"), "Anna");
  assert.equal(isolate("אנה"), "\u2068אנה\u2069");
  assert.equal(isolate("a\u202eb"), "ab");
  assert.equal(isolate("a\u2069\u202eב"), "\u2068aב\u2069", "a text that ends its own isolation");
});

test("BeginConversation_AfterWordsWereTypedIn_IsANewPerson", () => {
  const state = newState("en");
  beginConversation(state, generateCodename);
  const made = state.codename;
  beginConversation(state, generateCodename);
  assert.equal(state.codename, made, "it may be on paper already");
  const typed = generateCodename();
  Object.assign(state, { codename: typed, codenameTyped: true, followUp: true });
  beginConversation(state, generateCodename);
  assert.notEqual(state.codename, typed);
  assert.equal(state.followUp, false);
});

test("DraftErrors_QuestionNamedLikeAMemberOfEveryObject_IsAsked", () => {
  const state = newState("en");
  const questions = ["constructor", "__proto__"].map((id) => ({ id, label: { en: id }, required: true }));
  const drop = { roster: { form: { categories: [], questions } } } as unknown as DropView;
  const core = { reportSize: () => ({ used: 0, limit: 1 }), uploadSize: () => ({ tooLarge: false }) };
  const app = { core, state, texts: en } as unknown as App;
  state.draft = { ...state.draft, message: "x" };
  assert.deepEqual(draftErrors(app, drop).map(({ id }) => id), ["question-1", "question-2"]);
  state.draft = { ...state.draft, answers: { ["constructor"]: "a", ["__proto__"]: "b" } };
  assert.deepEqual(draftErrors(app, drop), []);
});

test("BeginVisit_Delivered_KeepsNothingThatWasWritten", async () => {
  const state = newState("en");
  beginConversation(state, generateCodename);
  const { codename } = state;
  state.drop = {} as DropView;
  state.draft = { ...state.draft, message: "the valve leaks" };
  const conversation = { replies: [], indexRead: true } as unknown as Conversation;
  const shown: string[] = [];
  const core = { runVisit: async () => ({ conversation, upload: { ok: true } }) };
  const app = { core, state, show: (screen: string) => shown.push(screen) } as unknown as App;
  await beginVisit(app, { kind: "report", draft: state.draft }, "report");
  assert.deepEqual(shown, ["sending", "done"]);
  assert.ok(!JSON.stringify(state).includes("valve"));
  assert.deepEqual([state.codename, codename!.entropy.every((byte) => byte === 0)], [null, true]);
});

test("RefusalReason_EveryCheckOfTheVectors_HasAReason", () => {
  const checks = {
    "broken link": "link",
    link: "chain",
    dropKey: "chain",
    signature: "signature",
    "key number": "signature",
    requires: "requires",
  };
  for (const [check, reason] of Object.entries(checks)) assert.equal(refusalReason(check), reason);
  assert.equal(refusalReason("roster.json"), "format");
  assert.equal(refusalReason(undefined), "format");
});

test("Pick_LanguageMissing_FallsBackToOwnMembersOnly", () => {
  assert.deepEqual(pick({ en: "a", "zh-Hans": "b" }, "zh-Hans"), { text: "b", language: "zh-Hans" });
  assert.deepEqual(pick({ en: "a" }, "zh-Hans"), { text: "a", language: "en" });
  assert.deepEqual(pick({ fr: "c" }, "en"), { text: "c", language: "fr" });
  assert.deepEqual(pick({}, "en"), { text: "", language: "en" });
});

test("PreferredLanguage_AnyChinese_IsChinese", () => {
  assert.equal(preferredLanguage(["fr", "zh-CN", "en"]), "zh-Hans");
  assert.equal(preferredLanguage(["en-US", "zh"]), "en");
  assert.equal(preferredLanguage(["fr"]), "en");
});

test("ChineseTexts_Everywhere_FullWidthPunctuation", () => {
  const source =
    readFileSync(join(web, "src/locales/zh-Hans.ts"), "utf8") + readFileSync(join(web, "src/page.html"), "utf8");
  assert.deepEqual(source.match(/.{0,8}\p{Script=Han} ?[,;:!?.](?!\w).{0,8}/gu), null);
});

test("Page_Source_NoWayFromTextToMarkupStyleOrStorage", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage|indexedDB|document\.cookie|\.style\b|\bfetch\(/;
  const built = ["app", "dom", "fields", "files", "frame", "leave", "progress", "visit", "wordfields"].map(
    (name) => `ui/${name}.ts`,
  );
  const screens = [
    "blocked",
    "changed",
    "codename",
    "confirm",
    "conversation",
    "done",
    "files",
    "problem",
    "report",
    "sending",
    "start",
    "words",
  ];
  for (const path of [...built, ...screens.map((name) => `ui/screens/${name}.ts`)]) {
    const code = readFileSync(join(web, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, forbidden, path);
  }
  assert.doesNotMatch(readFileSync(join(web, "src/page.html"), "utf8"), /\son\w+=|\sstyle=|src="http|<script/);
});
