using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Age;
using SecureDrop.Tests.Reviewer.Processes;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Keystore;

/// <summary>Whatever is wrong with the keystore or its passphrase: a sentence, a code of its own, and every file as it was.</summary>
public sealed class KeystoreTroubleTests : IDisposable
{
    private readonly TestDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task AnyVerb_WrongPassphrase_ChangesNothing()
    {
        await InitAsync();
        await File.WriteAllTextAsync(_desk.PassphraseFile, "incorrect horse\n");
        Dictionary<string, byte[]> before = Files();
        foreach (string[] line in new string[][] { ["inbox"], ["sync"], ["status"], ["key", "renew"], ["key", "export"], ["roster", "show"], ["roster", "sign"], ["shell"] })
        {
            await AssertAsync(ExitCode.WrongPassphrase, line);
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Keystore_CutAnywhere_NeverOpensAndStaysAsItIs()
    {
        await InitAsync();
        byte[] whole = await File.ReadAllBytesAsync(_desk.HomeDirectory.Keystore);
        for (int length = 0; length < whole.Length; length += length < 200 ? 13 : 171)
        {
            await AssertSpoiledAsync(whole[..length]);
        }
    }

    [Fact]
    public async Task Keystore_ByteChangedAnywhere_NeverOpensAndStaysAsItIs()
    {
        await InitAsync();
        byte[] whole = await File.ReadAllBytesAsync(_desk.HomeDirectory.Keystore);
        for (int at = 0; at < whole.Length; at += at < 200 ? 7 : 151)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            await AssertSpoiledAsync(changed);
        }

        await AssertSpoiledAsync([.. whole, 0]);
    }

    [Fact]
    public async Task Keystore_OfAnotherKind_IsForeign()
    {
        await InitAsync();
        using HybridIdentity somebody = HybridIdentity.Generate();
        await File.WriteAllBytesAsync(_desk.HomeDirectory.Keystore, AgeFiles.Seal("a letter"u8, somebody.Recipient));
        await AssertAsync(ExitCode.Foreign, "inbox");
        new PassphraseFile(TestDesk.QuickWorkFactorLog2).Write(_desk.HomeDirectory.Keystore, "a letter"u8, "correct horse"u8, overwrite: true);
        await AssertAsync(ExitCode.Foreign, "inbox");
        await File.WriteAllBytesAsync(_desk.HomeDirectory.Keystore, new byte[5_000_000]);
        await AssertAsync(ExitCode.Foreign, "inbox");
    }

    [Fact]
    public async Task Keystore_OfAnotherReviewerOverThisIndex_IsForeignAndNothingIsLost()
    {
        await using DropAndDesk at = await DropAndDesk.StartAsync();
        await at.Desk.OkAsync("sync");
        byte[] mine = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Keystore), index = await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Index);
        await InitAsync();
        File.Copy(_desk.HomeDirectory.Keystore, at.Desk.HomeDirectory.Keystore, overwrite: true);
        foreach (string[] line in new string[][] { ["inbox"], ["sync"], ["status"] })
        {
            Ran ran = await at.Desk.RunAsync(line);
            Assert.True(ran.Code == ExitCode.Foreign, $"{ran.Code}: {ran.Error}");
            InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        }

        Assert.Equal(index, await File.ReadAllBytesAsync(at.Desk.HomeDirectory.Index));
        await File.WriteAllBytesAsync(at.Desk.HomeDirectory.Keystore, mine);
        await at.Desk.OkAsync("inbox");
    }

    [Fact]
    public async Task Keystore_ThatOthersMayRead_IsTheirsNoMoreAfterTheNextCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes of files are Unix's.");
            return;
        }

        await InitAsync();
        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_desk.Home, all);
        File.SetUnixFileMode(_desk.HomeDirectory.Keystore, all);
        await _desk.OkAsync("inbox");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_desk.Home));
    }

    [Fact]
    public async Task Home_WrongOne_IsNamedAndNotMade()
    {
        string wrong = _desk.File_("elsewhere");
        await AssertAsync(ExitCode.NoKeystore, "inbox", "--home", wrong);
        await AssertAsync(ExitCode.NoKeystore, "sync", "--home", wrong);
        Assert.False(Directory.Exists(wrong));
        // A file in its place.
        await AssertAsync(ExitCode.NoKeystore, "inbox", "--home", _desk.PassphraseFile);
        Ran init = await _desk.RunAsync("init", "--name", "P", "--url", "http://localhost:8080", "--home", _desk.PassphraseFile);
        Assert.NotEqual(ExitCode.Failed, init.Code);
        InterruptedSyncTests.AssertIsOneSentence(init.Error);
    }

    [Theory]
    [InlineData(null, ExitCode.BadInput)]
    [InlineData("", ExitCode.BadInput)]
    [InlineData("\ncorrect horse\n", ExitCode.BadInput)]
    [InlineData("correct horse", ExitCode.Ok)]
    [InlineData("correct horse\r\n", ExitCode.Ok)]
    [InlineData("correct horse\nand more", ExitCode.Ok)]
    [InlineData("correct horse ", ExitCode.WrongPassphrase)]
    public async Task PassphraseFile_OfAnyForm_IsReadByItsFirstLine(string? content, ExitCode code)
    {
        await InitAsync();
        if (content is null)
        {
            File.Delete(_desk.PassphraseFile);
        }
        else
        {
            await File.WriteAllTextAsync(_desk.PassphraseFile, content);
        }

        Ran ran = await _desk.RunAsync("inbox", "--json");
        Assert.True(code == ran.Code, ran.Error);
        if (code != ExitCode.Ok)
        {
            InterruptedSyncTests.AssertIsOneSentence(ran.Error);
            Assert.Empty(ran.Output);
        }
    }

    [Fact]
    public async Task PassphraseFile_IsAFolder_IsSaidSo()
    {
        await InitAsync();
        _desk.Variables[PassphraseReader.FileVariable] = _desk.Home;
        await AssertAsync(ExitCode.BadInput, "inbox");
    }

    [Fact]
    public async Task Init_WhereATeamsRosterWasBegun_LeavesItAsItIs()
    {
        // It would name one reader in the place of all of them.
        await _desk.OkAsync("roster", "draft", "--name", "P", "--url", "http://localhost:8080", "--drop-key", _desk.File_("stick.age"));
        Dictionary<string, byte[]> before = Files();
        await AssertAsync(ExitCode.AlreadyThere, "init", "--name", "P", "--url", "http://localhost:8080");
        Assert.Equal(before, Files());
        await _desk.OkAsync("init", "--reviewer", "--as", "Ana");
    }

    private Task<string> InitAsync() => _desk.OkAsync("init", "--name", "Paper", "--url", "http://localhost:8080", "--as", "Ana");

    private async Task AssertSpoiledAsync(byte[] keystore)
    {
        await File.WriteAllBytesAsync(_desk.HomeDirectory.Keystore, keystore);
        Ran ran = await _desk.RunAsync("inbox");
        Assert.Contains(ran.Code, new[] { ExitCode.Damaged, ExitCode.Foreign, ExitCode.WrongPassphrase });
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
        Assert.Equal(keystore, await File.ReadAllBytesAsync(_desk.HomeDirectory.Keystore));
    }

    private async Task AssertAsync(ExitCode code, params string[] line)
    {
        Ran ran = await _desk.RunAsync(line);
        Assert.True(ran.Code == code, $"{string.Join(' ', line)}: {ran.Code}: {ran.Error}");
        InterruptedSyncTests.AssertIsOneSentence(ran.Error);
    }

    private Dictionary<string, byte[]> Files() => Directory.GetFiles(_desk.Home).Where(f => f != _desk.HomeDirectory.Lock).ToDictionary(f => f, File.ReadAllBytes);
}
