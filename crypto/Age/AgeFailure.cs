namespace SecureDrop.Crypto.Age;

/// <summary>Where an age file stopped being one: the classes of failure of the official test vectors (C2SP/CCTV age).</summary>
public enum AgeFailure
{
    /// <summary>The header does not parse, a stanza of a known kind is malformed, or an input ended before the header did.</summary>
    Header,

    /// <summary>The header parses and a file key was found, but the header's MAC is not the one that key gives.</summary>
    Hmac,

    /// <summary>The header parses, but none of the identities opens one of its stanzas.</summary>
    NoMatch,

    /// <summary>The header holds, but a chunk of the payload fails, is missing, or something follows the final one.</summary>
    Payload,

    /// <summary>The ASCII armor around the file is malformed.</summary>
    Armor,
}
