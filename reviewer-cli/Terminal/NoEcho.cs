namespace SecureDrop.Reviewer.Terminal;

/// <summary>Reads a line from the keyboard without showing it, and keeps it out of any string that could not be cleared.</summary>
internal static class NoEcho
{
    private const int LongestInChars = 1024;

    /// <summary>What was typed, or null at end of input (Ctrl-D) or Ctrl-C.</summary>
    public static char[]? ReadLine(string prompt)
    {
        // Before anybody is asked: the terminal echoes until the console is first looked at, and would show what comes ahead of that.
        _ = Console.KeyAvailable;
        Console.Error.Write(prompt);
        char[] typed = new char[LongestInChars];
        int length = 0;
        bool before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                if (key.Key == ConsoleKey.Enter)
                {
                    return typed[..length];
                }

                if (control && key.Key is ConsoleKey.C or ConsoleKey.D)
                {
                    return null;
                }

                if (control && key.Key == ConsoleKey.U)
                {
                    length = 0;
                }
                else if (key.Key == ConsoleKey.Backspace)
                {
                    length = Math.Max(length - 1, 0);
                }
                else if (key.KeyChar != '\0' && !char.IsControl(key.KeyChar) && length < LongestInChars)
                {
                    typed[length++] = key.KeyChar;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = before;
            Array.Clear(typed);
            Console.Error.WriteLine();
        }
    }
}
