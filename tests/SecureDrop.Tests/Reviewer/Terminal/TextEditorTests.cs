using SecureDrop.Reviewer.Terminal;
using SecureDrop.Tests.Server;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Terminal;

public sealed class TextEditorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Write_EditorLeavesOtherFilesAndLinks_AllGoAndNothingElseIsTouched()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The editor is a shell script.");
        string outside = _folder.File("outside.txt"), script = _folder.File("editor.sh");
        await File.WriteAllTextAsync(outside, "keep me");
        // Emacs leaves a link as a lock; others leave copies in folders of their own, or what cannot be written.
        await File.WriteAllTextAsync(script, $"""
            folder=$(dirname "$1")
            ls -ld "$folder" "$1" > {_folder.File("modes")}
            echo answer >> "$1"
            cp "$1" "$folder/.copy~"
            chmod 400 "$folder/.copy~"
            mkdir "$folder/swap"
            cp "$1" "$folder/swap/copy"
            ln "$1" {_folder.File("hard")}
            ln -s {outside} "$folder/.#reply.txt"
            """);
        string text = await TextEditor.WriteAsync("comment", name => name switch
        {
            "EDITOR" => $"/bin/sh {script}", "XDG_RUNTIME_DIR" => _folder.Path, _ => null,
        }, static _ => { }, CancellationToken.None);
        Assert.Equal("answer", text);
        Assert.Equal("keep me", await File.ReadAllTextAsync(outside));
        Assert.DoesNotContain("answer", await File.ReadAllTextAsync(_folder.File("hard")), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(_folder.Path), d => Path.GetFileName(d).StartsWith("reviewer-", StringComparison.Ordinal));
        string[] modes = await File.ReadAllLinesAsync(_folder.File("modes"));
        Assert.StartsWith("drwx------", modes[0], StringComparison.Ordinal);
        Assert.StartsWith("-rw-------", modes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_SomethingThatCannotBeOverwritten_CostsNoWord()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The editor is a shell script that needs flock.");
        string script = _folder.File("editor.sh");
        await File.WriteAllTextAsync(script, """
            echo answer >> "$1"
            exec 9>>"$(dirname "$1")/.held"
            flock 9
            sleep 5 <&9 >/dev/null 2>&1 &
            """);
        string text = await TextEditor.WriteAsync("comment", name => name switch
        {
            "EDITOR" => $"/bin/sh {script}", "XDG_RUNTIME_DIR" => _folder.Path, _ => null,
        }, static _ => { }, CancellationToken.None);
        Assert.Equal("answer", text);
        Assert.DoesNotContain(Directory.GetDirectories(_folder.Path), d => Path.GetFileName(d).StartsWith("reviewer-", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
