using System.CommandLine;
using System.Security.Cryptography;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Desk.Rosters;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary><c>roster draft</c>: the file that people edit, and a drop key where there is none.</summary>
internal sealed class RosterDraftVerb : Verb
{
    private readonly Option<string> _name = new("--name") { Description = "Whose drop this is.", HelpName = "NAME" };
    private readonly Option<string> _url = new("--url") { Description = "Where sources open it.", HelpName = "URL" };
    private readonly Option<string> _dropKey = DropKeys.NewOption();

    public RosterDraftVerb(Surroundings around)
        : base(around, "draft", "Begins a roster on the machine where the drop key is used: a commented file to edit, and a drop key if there is none.",
            "reviewer roster draft --name \"The Paper\" --url https://drop.example --drop-key /media/stick/drop-key.age")
    {
        Add(_name);
        Add(_url);
        Add(_dropKey);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        if (File.Exists(call.Home.RosterDraft))
        {
            throw new ReviewerException(ExitCode.AlreadyThere, $"There is a draft already: edit {call.Home.RosterDraft}.");
        }

        string name = call.Value(_name) ?? call.Questions.Ask("Whose drop is it, as sources will read it?", "--name NAME");
        string origin = ServerAddress.Origin(call.Value(_url) ?? call.Questions.Ask("Where will sources open it?", "--url URL"), "--url");
        string path = DropKeys.Path(call, _dropKey);
        if (!File.Exists(path))
        {
            byte[] passphrase = call.Passphrases.ReadNew("the drop key");
            try
            {
                DropSetup.CreateDropKey(call.Home, call.PassphraseFile, path, passphrase);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(passphrase);
            }

            call.Screen.Line($"The drop key is made and sealed with your passphrase: {path}");
        }

        call.Home.Create();
        RosterDraft.WriteTemplate(call.Home.RosterDraft, name, origin, overwrite: false);
        call.Screen.Line($"Edit {call.Home.RosterDraft}, add the reviewers (`reviewer roster add CARD`), then `reviewer roster sign`.");
        call.Screen.Json(new DoneOutput(call.Home.RosterDraft), OutputJson.Default.DoneOutput);
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary><c>roster add</c>.</summary>
internal sealed class RosterAddVerb : Verb
{
    /// <summary>A name is another's: longer, it could hold a sentence of ours.</summary>
    internal const int NameWidthInCells = 60;

    private readonly Argument<string> _card = new("card") { Description = "The file that `reviewer key export` wrote.", HelpName = "CARD" };

    public RosterAddVerb(Surroundings around)
        : base(around, "add", "Adds a reviewer to the next roster, or renews the keys of one.", "reviewer roster add card.json") => Add(_card);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        ReviewerCard card = ReviewerCard.ReadFile(call.Parsed.GetRequiredValue(_card));
        RosterMembers members = RosterMembers.Read(call.Home);
        // The fingerprint first and alone: whoever swapped the card wrote the name, and could write another fingerprint into it.
        call.Screen.Line($"Fingerprint  {card.Fingerprint}");
        call.Screen.Line($"Name         {(card.Name.Length == 0 ? "(none)" : TerminalText.Line(card.Name, NameWidthInCells))}");
        call.Questions.Confirm($"Did the reviewer read out the same fingerprint to you?");
        bool replaced = members.Add(card);
        members.Write(call.Home);
        call.Screen.Line($"{(replaced ? "New keys taken" : "Added")}; the next roster has {Counted(members.Reviewers.Count)}. Sign it: `reviewer roster sign`.");
        call.Screen.Json(new DoneOutput(card.SigningKey), OutputJson.Default.DoneOutput);
        return Task.FromResult(ExitCode.Ok);
    }

    internal static string Counted(int reviewers) => reviewers == 1 ? "1 reviewer" : $"{reviewers} reviewers";
}

/// <summary><c>roster remove</c>.</summary>
internal sealed class RosterRemoveVerb : Verb
{
    private readonly Argument<string> _who = new("who") { Description = "A name, or the beginning of a signing key.", HelpName = "WHO" };

    public RosterRemoveVerb(Surroundings around)
        : base(around, "remove", "Takes a reviewer out of the next roster. Answers signed until today are still shown, as a former reviewer's.",
            "reviewer roster remove Ana") => Add(_who);

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        RosterMembers members = RosterMembers.Read(call.Home);
        ReviewerCard card = members.Remove(call.Parsed.GetRequiredValue(_who), call.Clock.Today());
        call.Questions.Confirm($"Take {(card.Name.Length == 0 ? card.SigningKey : TerminalText.Line(card.Name, RosterAddVerb.NameWidthInCells))} out of the next roster?");
        members.Write(call.Home);
        call.Screen.Line($"Taken out; the next roster has {RosterAddVerb.Counted(members.Reviewers.Count)}. It holds once signed and published.");
        call.Screen.Json(new DoneOutput(card.SigningKey), OutputJson.Default.DoneOutput);
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary><c>roster sign</c>: offline, with the drop key.</summary>
internal sealed class RosterSignVerb : Verb
{
    private readonly Option<string> _dropKey = DropKeys.NewOption();

    private readonly Option<long?> _version = new("--number")
    {
        Description = "The roster's version, where the last one was signed elsewhere.", HelpName = "N",
    };

    public RosterSignVerb(Surroundings around)
        : base(around, "sign", "Signs draft and reviewers as the next roster. Needs the drop key, and no network.",
            "reviewer roster sign", "reviewer roster sign --drop-key /media/stick/drop-key.age")
    {
        Add(_dropKey);
        Add(_version);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        // What is wrong with the draft is said before a passphrase is asked for.
        _ = RosterDraft.Read(call.Home.RosterDraft);
        using MinisignKeyPair dropKey = DropKeys.Unlock(call, DropKeys.Path(call, _dropKey));
        Roster roster = RosterSigning.Sign(call.Home, dropKey, call.Clock.Today(), call.Parsed.GetValue(_version));
        call.Screen.Line($"Signed: version {roster.Version}, {RosterAddVerb.Counted(roster.Reviewers.Count)}, ends {roster.Expires}.");
        if (RosterSigning.ByRenewedKeysAlone(roster) is [_, ..] alone)
        {
            call.Screen.Line($"By renewed keys alone, as the days of their keys in the roster are over: {RosterSigning.Names(alone)}. A new card brings a new key.");
        }

        call.Screen.Line($"  {call.Home.Roster}");
        call.Screen.Line($"  {call.Home.RosterSignature}");
        call.Screen.Line($"Next, where there is a network: reviewer roster publish");
        call.Screen.Json(new DoneOutput(call.Home.Roster), OutputJson.Default.DoneOutput);
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary><c>roster successor</c>: a new drop key, signed by the present one.</summary>
internal sealed class RosterSuccessorVerb : Verb
{
    private readonly Option<string> _dropKey = DropKeys.NewOption();
    private readonly Option<string> _new = new("--new-drop-key") { Description = "Where the new drop key goes.", HelpName = "FILE", Required = true };

    public RosterSuccessorVerb(Surroundings around)
        : base(around, "successor", "Makes a new drop key that the present one vouches for. Old links stay good; keep the old key as safe as the new one.",
            "reviewer roster successor --drop-key /media/old/drop-key.age --new-drop-key /media/new/drop-key.age")
    {
        Add(_dropKey);
        Add(_new);
    }

    protected override Task<ExitCode> RunAsync(Invocation call, CancellationToken cancel)
    {
        string path = Path.GetFullPath(call.Parsed.GetRequiredValue(_new));
        if (File.Exists(path))
        {
            throw new ReviewerException(ExitCode.AlreadyThere, $"There is a file at {path} already and it was left as it is.");
        }

        byte[] passphrase = call.Passphrases.Read("the present drop key");
        try
        {
            using MinisignKeyPair present = DropKeys.Unlock(call, DropKeys.Path(call, _dropKey), passphrase);
            using MinisignKeyPair next = MinisignKeyPair.Generate();
            new DropKeyFile(call.PassphraseFile).Write(path, next, passphrase);
            RosterSigning.SignSuccessor(call.Home, present, next.PublicKey);
            call.Screen.Line($"The new drop key, under the same passphrase: {path}");
            call.Screen.Line($"It holds from the first roster it signs: reviewer roster sign --drop-key {path}, then reviewer roster publish.");
            call.Screen.Json(new DoneOutput(next.PublicKey.Text), OutputJson.Default.DoneOutput);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary>Where a drop key is, and how it is unlocked.</summary>
internal static class DropKeys
{
    public static Option<string> NewOption() => new("--drop-key") { Description = "The drop key's file (else in the home folder).", HelpName = "FILE" };

    public static string Path(Invocation call, Option<string> option) => System.IO.Path.GetFullPath(call.Value(option) ?? call.Home.DropKey);

    public static MinisignKeyPair Unlock(Invocation call, string path)
    {
        if (!File.Exists(path))
        {
            throw new ReviewerException(ExitCode.NotFound, $"There is no drop key at {path}. If it lies on a stick, give --drop-key.");
        }

        byte[] passphrase = call.Passphrases.Read("the drop key");
        try
        {
            return Unlock(call, path, passphrase);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    public static MinisignKeyPair Unlock(Invocation call, string path, byte[] passphrase)
    {
        using LateWord word = call.Screen.Unlocking(call.Clock);
        return DropKeyFile.Read(path, passphrase);
    }
}
