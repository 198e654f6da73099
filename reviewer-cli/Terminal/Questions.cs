namespace SecureDrop.Reviewer.Terminal;

/// <summary>Questions to a person; where nobody can answer, an error that names the option to give instead.</summary>
public sealed class Questions(Screen screen, Streams streams, bool yes)
{
    /// <summary>A line of text, or the default on an empty answer.</summary>
    public string Ask(string question, string option, string? otherwise = null)
    {
        if (!screen.CanAsk)
        {
            throw new ReviewerException(ExitCode.NobodyToAsk, $"Nobody can be asked here: give {option}.");
        }

        while (true)
        {
            string answer = (Answer(string.IsNullOrEmpty(otherwise) ? $"{question} " : $"{question} [{TerminalText.Line(otherwise)}] ")
                ?? throw new ReviewerException(ExitCode.Declined, "No answer was given; nothing was changed.")).Trim();
            if (answer.Length > 0 || otherwise is not null)
            {
                return answer.Length > 0 ? answer : otherwise!;
            }
        }
    }

    /// <summary>Returns if a person, or <c>--yes</c>, agrees.</summary>
    /// <exception cref="ReviewerException">No, or nobody to ask.</exception>
    public void Confirm(SafeText question)
    {
        string text = question.ToString();
        if (yes)
        {
            return;
        }

        if (!screen.CanAsk)
        {
            throw new ReviewerException(ExitCode.NobodyToAsk, $"{text} Nobody can be asked here: give --yes if it is meant.");
        }

        if (Answer($"{text} [y/N] ")?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new ReviewerException(ExitCode.Declined, "Left as it was.");
        }
    }

    private string? Answer(string prompt)
    {
        if (streams.ReadAnswer is { } byKeys)
        {
            return byKeys(prompt);
        }

        streams.Error.Write(prompt);
        streams.Error.Flush();
        return streams.Input.ReadLine();
    }
}
