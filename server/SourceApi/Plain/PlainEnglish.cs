namespace SecureDrop.Server.SourceApi.Plain;

/// <inheritdoc/>
internal sealed class PlainEnglish : PlainTexts
{
    private const string NothingKept = "Nothing of it was kept.";

    public override string Language => "en";
    public override string OwnName => "English";

    public override string Title => "Send a report without JavaScript";
    public override string Lead =>
        "This page cannot seal anything for you. You seal your report yourself, with programs on your own computer, and send only the sealed file. Nothing can be written here.";
    public override string Ordinary =>
        "If you can, use the ordinary page instead (Tor Browser’s level “Safer” is enough for it). It does all of this for you, and gives you a way back to read answers.";
    public override string BeforeTitle => "Before you go on";
    public override IReadOnlyList<string> Before =>
    [
        "Nobody can answer you here, and there are no 12 words. If you want an answer, write into your report how to reach you, or use the ordinary page.",
        "Nothing on this page is checked by your browser. Whoever controls this server at this moment can show you keys of their own, and would then read what you send.",
        "Whoever watches your connection sees that you send something, and about how much. Use Tor Browser.",
        "Use a computer that is yours alone, not one from work.",
        "Files tell more than you think: pictures where they were taken, documents who wrote them. They are sent as they are.",
    ];

    public override string ReadersTitle => "Who can read it";
    public override string Readers(int able, int all) => able == all
        ? $"Only these {all} can open what you seal as described here; not even whoever runs this server can."
        : $"{able} of {all} reviewers can open what you seal as described here; not even whoever runs this server can.";
    public override string Unnamed => "a reviewer without a name";
    public override string CannotRead => "(cannot read it at present)";

    public override string KeyTitle => "The key of this drop";
    public override string Key =>
        "Compare it with the one after the # in the link you were given, or with print. If a single character differs, stop. That it is the same does not yet prove the keys below: only the ordinary page checks those against it.";

    public override string StepsTitle => "Seal it";
    public override string Needs =>
        "You need Linux and the program age, version 1.3 or newer (age --version tells). Open a terminal and run the lines one after the other, exactly as they are.";
    public override string Folder => "Make a folder, and put into it all that you want to send: what you have to tell, as a text file, and other files.";
    public override string Pack => "Pack it, without your user name and without the times of the files.";
    public override string Pad => "Fill it up to a size that many reports share.";
    public override string PadLarger => "Only if the last line said “larger”: fill it up to one of the larger sizes. 16 MiB is the most that can be sent here.";
    public override string Recipients => "Write down the reviewers’ keys.";
    public override string Seal => "Seal it to them.";
    public override string SendTitle => "Send it";
    public override string Send => "Choose the file report.age. Its name is not kept. Only a sealed file is taken; anything else is refused and thrown away, but it has then been on its way here unsealed.";
    public override string Label => "The sealed file, report.age";
    public override string Button => "Send the sealed file";

    public override string ClosedTitle => "Nothing can be sent at present";
    public override string Expired(string day) => $"The list of who can read reports ended on {day}. Until it is renewed nothing can be sealed to anybody.";
    public override string Nobody => "No reviewer has a key that is good for today. Until one is renewed nothing can be sealed to anybody.";

    public override string ChannelsTitle => "Other ways";
    public override string ChannelsHint => "These are not sealed. Do not use a telephone or an account that is known to be yours.";
    public override string KindOf(string channel) => channel switch
    {
        "telephone" => "Telephone", "post" => "Post", "email" => "Email", "web" => "Web", _ => "Other",
    };
    public override string NoticesTitle => "News";

    public override string ArrivedTitle => "The sealed file has arrived";
    public override IReadOnlyList<string> Arrived =>
    [
        "Only the reviewers can open it. They see it as one file, without a name and without a way to answer.",
        "Now remove report.age, report.tar, recipients.txt and the folder. Then close this window; in Tor Browser choose New Identity.",
        "Do not load this page again: that would send the file a second time.",
    ];

    public override string NotSentTitle => "This was not sent";
    public override string NoPageTitle => "This page cannot be shown just now";
    public override string Back => "Back to the form";

    public override IReadOnlyList<string> Of(PlainFault fault) => fault switch
    {
        PlainFault.NotAForm => [$"What arrived is not what the form sends, or not all of it. {NothingKept}", "Go back, choose the file and send it again."],
        PlainFault.NoFile => ["No file was chosen, or the file is empty.", "Go back, choose report.age and send it."],
        PlainFault.MoreThanOne => [$"More than one file or field arrived; one sealed file is taken at a time. {NothingKept}", "Go back and send report.age alone."],
        PlainFault.NotSealed => [$"This file is not sealed. {NothingKept} But it came here as it is, and whoever controls this server could have read it.",
            "Go back, and choose report.age: the file that the last line makes, not the one that goes into it."],
        PlainFault.Armoured => [$"This file is sealed, but written as letters (age’s option -a), and its size then tells more than it should. {NothingKept}",
            "Seal it again exactly with the line that is shown, and send that."],
        PlainFault.OtherRecipients => [$"This file is sealed, but not to keys as the reviewers have them. {NothingKept}",
            "Seal it again exactly with the lines that are shown: with the keys of this page alone, and age 1.3 or newer."],
        PlainFault.WrongLength => [$"This file is sealed, but its size is none that reports have, or the file is cut off. {NothingKept}",
            "Fill report.tar up as described, seal it again and send that."],
        PlainFault.TooLarge => [$"This is larger than the 16 MiB that can be sent here. {NothingKept}", "Send less, or use the ordinary page: it takes up to 5 GiB."],
        PlainFault.TooSlow => [$"It took too long to arrive. {NothingKept}", "Try again; in Tor Browser with a new circuit for this site."],
        PlainFault.Busy => [$"The drop is busy. {NothingKept}", "Try again in a minute, or use the ordinary page."],
        PlainFault.Quota => [$"Too many files were sent through this form in the last minutes. {NothingKept}",
            "Try again in an hour, use the ordinary page, or another way to reach the reviewers."],
        PlainFault.Full => [$"The drop is full for now. {NothingKept}", "Try again later, or use another way to reach the reviewers."],
        PlainFault.NotSetUp => ["This drop is not set up yet: there is nobody to seal to.", "Come back later."],
        PlainFault.Nothing => ["There is nothing here.", "Go back to the form."],
        PlainFault.WrongMethod => ["This address does not take this kind of request.", "Go back to the form."],
        PlainFault.WrongHost => ["This server does not answer under that name.", "Use the address exactly as it was given to you."],
        PlainFault.NoPage => ["The drop is busy: many people are loading this page at this moment. Nothing was sent.", "Wait a minute, then load this page again."],
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
