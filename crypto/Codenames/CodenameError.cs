namespace SecureDrop.Crypto.Codenames;

/// <summary>What is wrong with typed words.</summary>
public enum CodenameProblem
{
    /// <summary>Not twelve words.</summary>
    Count,

    /// <summary>A word that does not stand in the list of the others.</summary>
    Word,

    /// <summary>All are words, but these twelve are nobody's: the checksum (4 bits) does not fit.</summary>
    Checksum,
}

/// <summary>What is wrong with typed words, and where. The word itself is a secret and is not repeated.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Index">Which word, from 0, where the problem is a word; else null.</param>
/// <param name="Count">How many words there are, where the problem is their count; else null.</param>
public sealed record CodenameError(CodenameProblem Problem, int? Index = null, int? Count = null);
