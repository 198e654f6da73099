/**
 * English. Plain words: a twelve-year-old understands each sentence, and what is not safe is said as plainly as what is.
 * The Chinese file has the same members and says the same; the compiler checks the first, reading them side by side the second.
 */
const count = (n: number, one: string, many: string): string => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const en = {
  tag: "en",
  ownName: "English",
  /** Between two sentences. */
  space: " ",
  /** Joins names: "A, B and C". */
  list: (items: readonly string[]): string =>
    items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`,
  day: (date: Date): string =>
    new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date),
  bytes: (amount: string, unit: "B" | "KB" | "MB" | "GB"): string =>
    unit !== "B" ? `${amount} ${unit}` : amount === "1" ? "1 byte" : `${amount} bytes`,

  /** How long something takes or is left. */
  time: {
    seconds: "less than a minute",
    minutes: (n: number): string => `about ${count(n, "minute", "minutes")}`,
    hours: (n: number): string => `about ${count(n, "hour", "hours")}`,
  },

  frame: {
    /** Until it is known whose drop this is; stands in the browser's history. */
    title: "Contact",
    language: "Language",
    leave: "Leave now",
    leaveHint: "Empties this page at once. Pressing Shift three times does the same.",
    back: "Back",
    opening: "Opening…",
    errors: "Please look at this first",
  },

  start: {
    title: (name: string): string => `Tell ${name} something without saying who you are`,
    lead: "What you write is sealed on this device before it leaves it. You need no name, no address and no account.",
    write: "Write a report",
    haveWords: "I have my 12 words",
    readers: (n: number, names: string): string =>
      n === 1
        ? `One person holds the key: ${names}. Nobody else can open what you send, not even whoever runs this server.`
        : `${n} people hold the keys: ${names}. Nobody else can open what you send, not even whoever runs this server.`,
    readersSome: (able: number, all: number, names: string, missing: string): string =>
      `${able} of ${all} reviewers can read this: ${names}. ${missing} cannot at the moment. Nobody else can open what you send, not even whoever runs this server.`,
    readersNone: "Nobody can read what is sent at the moment.",
    unnamed: "a reviewer who gives no name",
    linkTitle: "Is this the right place?",
    vouched: (name: string): string =>
      `The link you opened vouches for ${name}: the list of people above is signed with the key in that link. So what matters is where you got the link. Use it only if you trust that place.`,
    notVouched: (name: string): string =>
      `Not checked. The link you opened did not carry the key of ${name}, so this page cannot tell whether the people above are the right ones.`,
    compare: (name: string): string =>
      `Before you write, compare this key with the one ${name} gives elsewhere: in print, on its own website, or on the telephone. If a single character differs, write nothing here.`,
    keyIs: "The key:",
    saferTitle: "What would make you safer",
    app: (app: string): string =>
      `You opened this inside ${app}. ${app} can read what you type here, and it may know who you are.`,
    appOut: (app: string): string =>
      `To get out: tap the three dots at the top or bottom, and choose “Open in browser”. Or write down this address, close ${app}, and type it into Tor Browser:`,
    appStay: "You can go on here, but then what you write may not stay secret.",
    tor: "This does not look like Tor Browser. In any other browser this server and your internet provider can see where you connect from. You can get Tor Browser at torproject.org. If getting it could look suspicious where you are, do it from another place.",
    work: "Do not use a computer, telephone or network of the place you want to write about. It can record what you do, whichever browser you use.",
    look: "Make sure that nobody, and no camera, can see your screen.",
    leave:
      "“Leave now”, at the top, empties this page at once and shows a blank one. Pressing Shift three times within five seconds does the same. Nothing you typed is kept. Your browser may still remember that you opened this address; Tor Browser forgets it when you choose “New Identity”.",
    origin: (here: string, origins: string): string =>
      `You are at ${here}. The people who read here say that they are reached at ${origins}. This may be a copy made to watch you. If you are not sure, go there instead.`,
    clock: (today: string, issued: string): string =>
      `Your device says that today is ${today}, but the list of people who read here was made on ${issued}. Please check the date on your device.`,
    channelsTitle: "Other ways to reach us",
    channelsHint: "These are not sealed. Do not use a telephone or an account that is known to be yours.",
    channelKinds: { telephone: "Telephone", post: "Post", email: "Email", web: "Web", other: "Other" },
    noticesTitle: "Notices",
  },

  blocked: {
    tryAgain: "Try again",
    tooOld: {
      title: "This browser cannot seal what you write",
      lead: "It is too old, or this page was not opened over a protected connection. Nothing can be sent from here, and nothing was.",
      next: "Open the link again in Tor Browser, or in the newest version of another browser. Check that the address begins with https:// or ends with .onion.",
    },
    notSetUp: {
      title: "Nobody can read messages here yet",
      lead: "This letterbox has been put up, but those who will read it have not moved in. Nothing can be sent, and nothing you do here is kept.",
      next: "Come back in a day or two. If it is urgent, look for another way to reach them, in print or on their own website.",
    },
    closed: {
      title: "Closed for reports at the moment",
      expired: (day: string): string =>
        `The list of people who can read what is sent here ran out on ${day}. Until they renew it, nothing can be sealed to them, so nothing can be sent.`,
      nobody:
        "None of the people who read what is sent here has a key that is good today. Until one of them renews it, nothing can be sealed to them, so nothing can be sent.",
      words: "You can still look for replies with your 12 words.",
      noChannels: "They named no other way to reach them. Come back in a few days.",
    },
    refused: {
      title: "Do not write anything here",
      lead: "This page checked the list of people who can read what is sent. The check failed, so somebody may be trying to read along. Nothing can be sent from here, and nothing was.",
      reason: "What was wrong:",
      next: "Get the link again from a place you trust: in print, or from their own website. A telephone number or address shown by this server could be false as well, so none is shown.",
      technical: (check: string): string => `For those who look after this letterbox: ${check}`,
      reasons: {
        link: "The key in the link you opened is damaged or cut off.",
        chain:
          "The list does not lead back to the key in the link you opened. The people on it may not be those you want to reach.",
        signature: "The signature under the list is not right.",
        requires:
          "The list asks for something that this page does not know. The page may be too old: open the link again.",
        version: "The list is older than the one this page showed you. It may name somebody who has been removed.",
        format: "The list is damaged or not made as it should be.",
      },
    },
    busy: "The server is busy",
    unreachable: {
      title: "The server does not answer",
      lead: "This page is here, but it could not fetch the list of people who can read what you send. Nothing was sent.",
      next: "Check your connection. In Tor Browser it can help to choose “New Tor circuit for this site”. Then try again; the server may also be down for a while.",
    },
  },

  codename: {
    title: "Write these 12 words on paper",
    lead: "They are your way back: only with them can you read replies, write again, or claim a reward. They are shown only now, before you write. Nobody can find them again for you.",
    paper:
      "Use paper. Do not take a picture or a screenshot, and do not save them in a file: such copies are found, or sent to the cloud without asking.",
    keep: "Keep the paper where nobody looks. Whoever finds it can read the replies to you and write in your name, but cannot read what you have sent.",
    english: "English words",
    chinese: "Chinese words",
    languageTitle: "Which words",
    languageHint:
      "English words are safer: an input method for Chinese may send what you type to its maker. Both are the same code; you can come back with either.",
    shown: "Your 12 words",
    next: "I have written them down",
  },

  confirm: {
    title: "Type three of your words",
    lead: "So that you can be sure your paper is right.",
    word: (position: number): string => `Word ${position}`,
    empty: (position: number): string => `Type word ${position}.`,
    wrong: (position: number): string => `This is not word ${position}. Look at your paper again.`,
    next: "Go on",
    showAgain: "Show the 12 words again",
  },

  report: {
    title: "What happened?",
    titleFollowUp: "Write again",
    leadFollowUp: "The reviewers will see that this comes from the same person as before, and nothing else about you.",
    category: "What is it about?",
    message: "Your message",
    messageHint:
      "What, where, when, who, and how you know. Leave out what only you could know, if you do not want to be recognised by it.",
    optional: "(not required)",
    room: (characters: number): string => `Room for about ${count(characters, "more character", "more characters")}.`,
    roomShared: "Message, answers and contact share this room.",
    tooLong: (characters: number): string =>
      `About ${count(characters, "character", "characters")} too many. Please shorten your message or your answers.`,
    roomSmaller: "Without files there is less room for text.",
    filesTitle: "Files",
    filesLead: "Photographs, documents, recordings. They are sealed on this device, together with your message.",
    filesChoose: "Add files",
    filesSeen:
      "Without files nobody on the line can tell whether you sent something or only looked. With files somebody who watches your connection can see that you sent something, and roughly how much.",
    filesWarningTitle: "What these files can give away",
    fileNames:
      "The names of the files are sent along, sealed like the rest. Rename a file first if its name says who you are.",
    pictures:
      "Photographs and videos can hold the place and time they were taken, and the camera or telephone. This page does not remove that: it sends files just as they are. A screenshot of a picture usually carries less.",
    documents:
      "Documents can hold the name of whoever wrote, changed or printed them. This page does not remove that: it sends files just as they are.",
    otherFiles:
      "Files can hold hidden details about who made them, where and when. This page does not remove that: it sends files just as they are.",
    remove: "Remove",
    removeFile: (name: string): string => `Remove ${name}`,
    added: (n: number, size: string): string => `${count(n, "file", "files")}, ${size} in all.`,
    takes: (time: string): string =>
      `Over a line that sends 100 KB a second this takes ${time}. The server waits two days.`,
    removed: (name: string): string => `${name} was removed.`,
    tooManyFiles: (limit: number): string =>
      `At most ${limit.toLocaleString("en")} files can be sent at once. Remove some, and send them afterwards with your 12 words.`,
    tooLarge: (limit: string): string =>
      `All files together may have about ${limit}. Remove some, and send them afterwards with your 12 words.`,
    emptyFolder: (name: string): string =>
      `${name} cannot be read. It may be a folder, or have been moved. Choose the files in it instead.`,
    contactTitle: "How to reach you",
    contactHint: "Leave this empty to stay anonymous. The reviewers can answer you here in any case.",
    reward: "I would like a reward, should there be one",
    rewardHint: "Your 12 words are how you would claim it. Nobody needs your name for this.",
    required: (question: string): string => `Please answer: ${question}`,
    chooseCategory: "Please choose what it is about.",
    needMessage: "Write a message, or add a file.",
    send: "Seal and send",
    sendHint: "You cannot take it back after that.",
  },

  sending: {
    title: "Sealing and sending",
    titleCheck: "Looking for replies",
    keepOpen: "Keep this window open. You may put it aside meanwhile.",
    steps: {
      roster: "Making sure who can read it",
      "dead-drops": "Fetching the replies to everybody, so that nobody can tell which are yours",
      ticket: "Asking the server for a place",
      work: "Solving a sum for the server, which keeps out floods of junk",
      waiting: "The server is busy. Waiting, to ask again by itself",
      sealing: "Sealing on this device",
      sending: "Sending what is sealed",
    },
    decoy: "Sending an empty sealed message, so that nobody can tell reading from writing",
    amount: (done: string, total: string): string => `${done} of ${total}`,
    left: (time: string): string => `${time} left`,
    work: (time: string): string => `Takes ${time} on this device, with bad luck several times as long.`,
    tooSlow:
      "At this speed it will take more than two days, and the server waits no longer. Send fewer or smaller files, or find a faster connection.",
    cancel: "Cancel",
    cancelling: "Stopping…",
  },

  changed: {
    title: "Other people can read it now",
    lead: "Since you opened this page, the list of people who can read what you send has changed. Nothing was sent yet.",
    now: "Who can read it now",
    before: "Who could before",
    agree: "Seal it to these people",
    disagree: "Do not send",
  },

  problem: {
    title: "It could not be delivered yet",
    titleCheck: "Looking for replies did not work",
    kept: "All that you wrote is still here, on this page.",
    withoutFiles: "A message without files needs little room, and may get through now.",
    retry: "Try again",
    edit: "Back to what I wrote",
    reasons: {
      cancelled: "You stopped it. Unless all of it had gone out already, the reviewers do not have it.",
      network:
        "The connection broke, or the server did not answer. Check your connection and try again: parts that have arrived are not sent twice.",
      busy: (time: string): string => `The server is full or busy at the moment. Try again in ${time}.`,
      refused: "The server did not take it.",
      fileChanged: (name: string): string =>
        `The file “${name}” changed or was moved while it was being sealed. Nothing was delivered. Go back, remove it and add it again.`,
      tooLarge: (limit: string): string =>
        `It is larger than the ${limit} that can be sent at once. Remove some files, and send them afterwards with your 12 words.`,
      textTooLong:
        "Your message and answers together are too long. Shorten them, or add a file: then there is more room.",
      tooMuchWork:
        "The server is being flooded, and asks for more work than a browser can do. Try again in an hour or two.",
      lineTooSlow: (time: string): string =>
        `On this connection it would take ${time}, and the server does not wait that long. Send fewer or smaller files, or find a faster connection.`,
      roster:
        "The list of people who can read what you send failed its check. Nothing was sent. Do not try again from this page: get the link again from a place you trust.",
      closed:
        "Reports are not taken at the moment: nobody has a key that is good today. Nothing was sent. Keep what you wrote in mind, and come back in a few days.",
      disagreed: "You did not want it sealed to the new people. Nothing was sent.",
      unknown: "Something went wrong in this page. Try again, and if that fails, use another browser.",
    },
    serverSays: (sentence: string): string => `The server says: ${sentence}`,
  },

  done: {
    title: "It is sealed and delivered",
    lead: "Only the reviewers can open it.",
    next: "What happens next",
    answer: "A reply can be here from tomorrow on, and often takes some days. Each reply stays for 30 days.",
    until: (day: string): string =>
      `So come back with your 12 words within 30 days, by ${day}. By then you may also see whether it has been read.`,
    closeTitle: "Before you go",
    close:
      "Close this window now. In Tor Browser, choose “New Identity” (the broom), which makes the browser forget this visit.",
    paper: "Keep the paper with your 12 words where nobody looks.",
    gone: "What you wrote is no longer on this page.",
    replies: (n: number): string => `${count(n, "reply", "replies")} came for you meanwhile`,
    showReplies: "Read the replies",
    finish: "Empty and leave this page",
  },

  words: {
    title: "Type your 12 words",
    lead: "In the order on your paper. The first letters are enough: choose the word from the list.",
    word: (position: number): string => `Word ${position}`,
    suggestions: (n: number): string => `${count(n, "word", "words")} to choose from. Use the arrow keys.`,
    replies: "Look for replies",
    followUp: "Write again",
    missing: (position: number): string => `Word ${position} is missing.`,
    unknown: (position: number, word: string): string =>
      `“${word}” (word ${position}) is not one of the words used here. Look at the spelling.`,
    checksum:
      "There are no such 12 words. One of them is wrong, or they are in another order. Look at your paper again.",
    offline: "This was found out on this device. Nothing was sent.",
    why: "What this does",
    whyText:
      "Looking for replies fetches the replies to everybody, finds yours on this device, and sends an empty sealed message. So nobody can tell whether you read or wrote.",
    notKept: "The words never leave this device.",
  },

  conversation: {
    title: (n: number): string => (n === 0 ? "Nothing yet" : n === 1 ? "One reply" : `${n} replies`),
    newest: (day: string): string => `The newest is of ${day}. It stands last.`,
    nothing: "No reply was found for these 12 words. That can mean one of two things:",
    nothingUnread:
      "Nobody has read your report yet. Replies appear the day after they are written. Come back in a few days.",
    nothingWrong:
      "Or the words are not those of your report: a mistake is nearly always noticed, but not quite always. Compare them with your paper.",
    nothingOld: "Replies older than 30 days are gone.",
    from: (name: string): string => `From ${name}`,
    former: (name: string): string => `From ${name}, who no longer reads here`,
    stays: (day: string): string => `stays here until ${day}`,
    kinds: {
      receipt: "Your report has been opened and read by a reviewer. This note is sent by itself.",
      reward: "About your reward",
      closed: "The reviewers have closed this matter.",
    },
    unknownKind: (kind: string): string => `This is of a kind that this page does not know (“${kind}”).`,
    missingParts: (list: string, parts: number): string =>
      `This reply came in ${parts} parts. Missing: part ${list}. It may come within the next days.`,
    gap: "[something is missing here]",
    unchecked: (n: number): string =>
      n === 1
        ? "One reply could not be checked, so it is not shown. It may be damaged, or not come from the reviewers."
        : `${n} replies could not be checked, so they are not shown. They may be damaged, or not come from the reviewers.`,
    clock: (today: string, newest: string): string =>
      `Your device says that today is ${today}, but the newest day on the server is ${newest}. If your device is wrong, replies may be missing here: set its date and look again.`,
    daysUnread: (n: number): string => `The replies of ${count(n, "day", "days")} could not be fetched.`,
    decoyFailed:
      "The empty sealed message, which hides whether you read or wrote, could not be delivered. What you see here is not touched by that.",
    answerTitle: "Write again",
    answerWhy: "Writing again is a visit of its own, so that from outside reading and writing look alike.",
    answerSafest:
      "Safest: note down what you want to say, choose “New Identity” in Tor Browser, open this page again, and choose “I have my 12 words”, then “Write again”.",
    answerNow:
      "You can also write now. Then whoever watches your connection sees two visits in a row, and may guess that you answered.",
    write: "Write again now",
    close:
      "When you have read everything, leave this page and close the window. In Tor Browser, choose “New Identity” (the broom), which makes the browser forget this visit.",
    finish: "Empty and leave this page",
  },
};

export type Texts = typeof en;
