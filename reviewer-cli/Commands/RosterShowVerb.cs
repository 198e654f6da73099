using System.CommandLine;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>roster show</c>: a roster as this desk checks it, or as anybody can who has a link or the signed files.</summary>
internal sealed class RosterShowVerb : Verb
{
    private const int LongestNameInCells = 40;

    private readonly Argument<string?> _from = new("from")
    {
        Description = "The drop's link, a server's address, or a signed roster file; then nothing is unlocked. Else the roster of your server, checked against your pinned key.",
        HelpName = "FROM",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public RosterShowVerb(Surroundings around)
        : base(around, "show", "Fetches the roster, checks it, and shows who can read what is told today.",
            "reviewer roster show", "reviewer roster show https://drop.example/#RWQ…", "reviewer roster show /media/stick/roster.json") => Add(_from);

    protected override async Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        if (call.Parsed.GetValue(_from) is { } from)
        {
            return Show(call, await FromAsync(call, from, cancel), null, null);
        }

        if (call.Around.Unlocked is null && !new KeystoreFile(call.Home, call.PassphraseFile).Exists)
        {
            return Show(call, await WithoutKeystoreAsync(call, cancel), null, null);
        }

        return await call.WithHomeAsync(async home =>
        {
            using ReviewerApi api = call.Api(home);
            RosterKnowledge knowledge = new(home);
            VerifiedRoster verified = knowledge.Take(await api.RosterAsync(cancel), home.Clock.Today());
            home.SaveIndex();
            return Show(call, new CheckedRoster(verified, RosterTrust.Keystore, IsFromServer: true, knowledge.Alarms), home.Settings.SourceOrigin, home.Keys.Signing.PublicKey);
        });
    }

    private static async Task<CheckedRoster> FromAsync(Invocation call, string from, CancellationToken cancel)
    {
        if (!from.Contains("://", StringComparison.Ordinal))
        {
            return CheckedRoster.OfFiles(Path.GetFullPath(from), null, call.Clock.Today());
        }

        (string? origin, MinisignPublicKey? key) = from.Contains('#', StringComparison.Ordinal)
            ? JoinVerb.Read(from) : (ServerAddress.Origin(from, "The address"), null);
        return await FetchAsync(call, origin!, SettingsOf(call), key, RosterTrust.Link, cancel);
    }

    /// <summary>Where rosters are signed, or carried to the server: the drop key is known there, and no keystore.</summary>
    private static async Task<CheckedRoster> WithoutKeystoreAsync(Invocation call, CancellationToken cancel)
    {
        Settings settings = SettingsOf(call);
        MinisignPublicKey? key = RosterMembers.Read(call.Home).DropKey is { } text && MinisignPublicKey.TryParse(text, out MinisignPublicKey? member)
            ? member : RosterSigning.Last(call.Home)?.DropKey;
        if (settings.Server is not null)
        {
            return await FetchAsync(call, settings.RequireServer(), settings, key, RosterTrust.Folder, cancel);
        }

        return File.Exists(call.Home.Roster)
            ? CheckedRoster.OfFiles(call.Home.Roster, key, call.Clock.Today())
            : throw new ReviewerException(ExitCode.NoKeystore,
                $"There is neither a keystore nor a signed roster in {call.Home.Path}. Say what to show: the drop's link, or a roster file; or give --home.");
    }

    private static async Task<CheckedRoster> FetchAsync(
        Invocation call, string origin, Settings settings, MinisignPublicKey? key, RosterTrust trust, CancellationToken cancel)
    {
        using ReviewerApi api = call.Api(origin, settings);
        return CheckedRoster.OfAnswer(await api.RosterAsync(cancel), key, trust, call.Clock.Today());
    }

    private static Settings SettingsOf(Invocation call) => call.Around.Unlocked?.Settings ?? Settings.Read(call.Home);

    private static ExitCode Show(Invocation call, CheckedRoster known, string? sourceOrigin, MinisignPublicKey? own)
    {
        Screen screen = call.Screen;
        VerifiedRoster verified = known.Verified;
        Roster roster = verified.Roster;
        foreach (string alarm in known.Alarms)
        {
            screen.Alarm($"{alarm}");
        }

        string name = TerminalText.Line(Text(roster.Name), LongestNameInCells);
        string link = $"{(roster.Origins is [var first, ..] ? first : null) ?? sourceOrigin ?? ""}/#{roster.DropKey.Text}";
        screen.Line($"{name} · roster {roster.Version} of {roster.Issued}, ends {roster.Expires} · {Words(known.Trust)}", LineStyle.Strong);
        screen.Line($"drop key  {InFours(roster.DropKey.Text)}");
        screen.Line($"link      {link}");
        if (known.Trust == RosterTrust.Nothing)
        {
            screen.Line($"Whoever handed this out may have made the drop key: compare it with the drop's link from another place.", LineStyle.Strong);
        }

        // Files do not have the keys that reviewers renewed since.
        bool isClosed = known.IsFromServer ? verified.IsClosed : roster.Expires < call.Clock.Today();
        if (isClosed)
        {
            screen.Line($"The drop is closed: nobody is sealed to today.", LineStyle.Strong);
        }

        List<RosterReviewerOutput> reviewers = [];
        for (int i = 0; i < roster.Reviewers.Count; i++)
        {
            RosterReviewer reviewer = roster.Reviewers[i];
            ChosenRecipient? chosen = verified.Recipients.FirstOrDefault(r => r.Reviewer == i);
            RosterReviewerOutput shown = new(reviewer.Name is null ? "" : TerminalText.Line(Text(reviewer.Name), LongestNameInCells), reviewer.SigningKey.Text,
                chosen is null ? null : Days.Text(chosen.LastDay), reviewer.SigningKey.Equals(own));
            reviewers.Add(shown);
            string until = shown.SealedToUntil is not null ? $"sealed to until {shown.SealedToUntil}"
                : known.IsFromServer || isClosed ? "cannot read what is told today" : "by a renewed key alone";
            screen.Line($"  {(shown.Name.Length == 0 ? "(no name)" : shown.Name),-20}  {until}{(shown.You ? "  (you)" : "")}");
        }

        if (!known.IsFromServer)
        {
            screen.Line($"As signed: which keys were renewed since, only the server says.", LineStyle.Faint);
        }

        screen.Json(new RosterOutput(roster.DropKey.Text, link, name, roster.Version, roster.Issued, roster.Expires, isClosed, reviewers,
            known.Alarms, WhatVouches(known.Trust)), OutputJson.Default.RosterOutput);
        return known.Alarms.Count > 0 ? ExitCode.Alarm : ExitCode.Ok;
    }

    private static string? WhatVouches(RosterTrust trust) => trust switch
    {
        RosterTrust.Keystore => "keystore",
        RosterTrust.Link => "link",
        RosterTrust.Folder => "folder",
        _ => null,
    };

    private static string Words(RosterTrust trust) => trust switch
    {
        RosterTrust.Keystore => "leads back to your pinned key",
        RosterTrust.Link => "leads back to the key in the link",
        RosterTrust.Folder => "leads back to the drop key of this folder",
        _ => "its drop key was checked against nothing",
    };

    private static string Text(IReadOnlyDictionary<string, string> texts) => texts.TryGetValue("en", out string? english) ? english : texts.Values.First();

    private static string InFours(string text) => string.Join(' ', text.Chunk(4).Select(c => new string(c)));
}
