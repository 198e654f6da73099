namespace SecureDrop.Crypto.Age.Recipients;

/// <summary>Who may stand together in a file. Stock tools warn or accept; we refuse, as the weakest recipient decides how strong a file is.</summary>
internal static class RecipientRules
{
    /// <exception cref="ArgumentException">None, different kinds, or a passphrase beside anything.</exception>
    internal static IReadOnlyList<AgeStanza> WrapForAll(IReadOnlyList<IAgeRecipient> recipients, ReadOnlySpan<byte> fileKey)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 0)
        {
            throw new ArgumentException("A file without recipients could be opened by nobody.", nameof(recipients));
        }

        if (recipients.Count > 1 && recipients.Any(recipient => recipient is ScryptPassphrase))
        {
            throw new ArgumentException("A passphrase must be a file's only recipient.", nameof(recipients));
        }

        var stanzas = new List<AgeStanza>(recipients.Count);
        foreach (IAgeRecipient recipient in recipients)
        {
            stanzas.Add(recipient.Wrap(fileKey));
        }

        if (stanzas.Exists(stanza => stanza.Type != stanzas[0].Type))
        {
            throw new ArgumentException("Recipients of different kinds cannot be mixed in one file.", nameof(recipients));
        }

        return stanzas;
    }

    /// <summary>A passphrase says who wrote the file; another recipient beside it would let that one write in its name.</summary>
    /// <exception cref="AgeFormatException">A passphrase stanza beside another one.</exception>
    internal static void RequirePassphraseAlone(IReadOnlyList<AgeStanza> stanzas)
    {
        if (stanzas.Count > 1 && stanzas.Any(stanza => stanza.Type == ScryptPassphrase.StanzaType))
        {
            throw new AgeFormatException(AgeFailure.Header, "A passphrase stanza stands beside another recipient.");
        }
    }
}
