/**
 * Browsers inside other apps, by what they call themselves. Such an app can read along, so the start names it.
 * Newer or rarer ones go unnoticed: the page warns where it can and claims nothing where it cannot.
 */
const apps: readonly (readonly [pattern: RegExp, en: string, zhHans: string])[] = [
  [/\bwxwork\//i, "WeCom", "企业微信"],
  [/MicroMessenger/i, "WeChat", "微信"],
  [/\bQQ\/|\bQQTheme\//, "QQ", "QQ"],
  [/Weibo/i, "Weibo", "微博"],
  [/\bAliApp\(DingTalk|DingTalk/i, "DingTalk", "钉钉"],
  [/\bLark\/|Feishu/i, "Feishu", "飞书"],
  [/AlipayClient/i, "Alipay", "支付宝"],
  [/\baweme|NewsArticle|ToutiaoMicroApp/i, "Douyin", "抖音"],
  [/\bxhsdiscover|discover\/[\d.]+ .*xhs/i, "Xiaohongshu", "小红书"],
  [/\bZhihuHybrid|osee2unifiedRelease|Zhihu/i, "Zhihu", "知乎"],
  [/baiduboxapp/i, "Baidu", "百度"],
  [/MessengerForiOS|\bFBAN\/Messenger|Orca-Android|FB_IAB\/MESSENGER/i, "Messenger", "Messenger"],
  [/\bFBAN\/|\bFBAV\/|\bFB_IAB\/|\[FB/, "Facebook", "Facebook"],
  [/\bInstagram\b/i, "Instagram", "Instagram"],
  [/musical_ly|BytedanceWebview|TikTok|\btrill_/i, "TikTok", "TikTok"],
  [/\bLine\/\d/i, "LINE", "LINE"],
  [/\bTelegram/i, "Telegram", "Telegram"],
  [/\bTwitter(Android| for )/i, "X", "X"],
  [/\bLinkedInApp\b/i, "LinkedIn", "领英"],
  [/\bSnapchat\b/i, "Snapchat", "Snapchat"],
  [/\bPinterest\b/i, "Pinterest", "Pinterest"],
  [/KAKAOTALK/i, "KakaoTalk", "KakaoTalk"],
  [/\bGSA\/\d/, "Google", "Google"],
];

/** The app whose own browser this is, by its name in the reader's language; null where none is recognised. */
export function appAround(agent: string, language: string): string | null {
  for (const [pattern, en, zhHans] of apps) {
    if (pattern.test(agent)) return language === "zh-Hans" ? zhHans : en;
  }
  return null;
}

/**
 * Whether this may be Tor Browser. An onion address is reached through Tor only (or something like it). Elsewhere Tor
 * Browser hides itself as a Firefox whose clock is UTC; a plain Firefox in such a zone is mistaken for it, which
 * costs a hint, while a hint shown inside Tor Browser would cost trust.
 */
export function maybeTorBrowser(host: string, agent: string, timeZone: string): boolean {
  if (host.endsWith(".onion")) return true;
  return /\brv:\d+.*\bGecko\/\d+.*\bFirefox\//.test(agent) && /^(UTC|Etc\/UTC|GMT|Atlantic\/Reykjavik)$/.test(timeZone);
}
