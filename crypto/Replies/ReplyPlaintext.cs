using System.Text;
using System.Text.Unicode;
using SecureDrop.Crypto.Archives;
using SecureDrop.Crypto.Json;
using SecureDrop.Crypto.Minisign;
using SecureDrop.Crypto.Rosters;

namespace SecureDrop.Crypto.Replies;

/// <summary>
/// What is sealed for a reply: exactly 8,192 bytes, an archive of <c>reply.json</c> and <c>reply.json.minisig</c>, zeros after it. One length
/// for every reply and filler.
/// </summary>
public static class ReplyPlaintext
{
    /// <summary>8,192.</summary>
    public const int SizeInBytes = 8_192;

    /// <summary>Name of the first member.</summary>
    public const string JsonName = "reply.json";

    /// <summary>Name of the second member.</summary>
    public const string SignatureName = "reply.json.minisig";

    /// <summary>The most the signature's text may have: one block.</summary>
    public const int MaxSignatureInBytes = 512;

    /// <summary>Signs a reply and writes its plaintext.</summary>
    /// <exception cref="ArgumentException"><c>reply.json</c> is larger than <see cref="Reply.MaxJsonInBytes"/>.</exception>
    public static byte[] Write(Reply reply, MinisignKeyPair signer)
    {
        ArgumentNullException.ThrowIfNull(reply);
        byte[] json = reply.Write();
        if (json.Length > Reply.MaxJsonInBytes)
        {
            throw new ArgumentException($"{JsonName} has {json.Length} bytes and may have {Reply.MaxJsonInBytes}: split the message.", nameof(reply));
        }
        string signature = SignedStatement.Sign(StatementPurpose.Reply, json, signer).Signature;
        using MemoryStream plaintext = new(SizeInBytes);
        ArchiveWriter archive = new(plaintext);
        archive.WriteMember(JsonName, json);
        archive.WriteMember(SignatureName, Encoding.ASCII.GetBytes(signature));
        archive.Finish(SizeInBytes);
        return plaintext.ToArray();
    }

    /// <summary>Reads a plaintext and verifies that somebody in the roster signed it, a former reviewer within its last day.</summary>
    /// <exception cref="ReplyException">With the check that failed: archive, reply.json, signature, signer.</exception>
    public static SignedReply Read(ReadOnlyMemory<byte> plaintext, Roster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        (byte[] json, string signature) = ReadMembers(plaintext);
        Reply reply;
        try
        {
            reply = Reply.Parse(json);
        }
        catch (StrictJsonException e)
        {
            throw new ReplyException(ReplyCheck.ReplyJson, $"{JsonName}: {e.Message}", e);
        }
        return new SignedReply(reply, Verify(json, signature, reply.Day, roster));
    }

    private static (byte[] Json, string Signature) ReadMembers(ReadOnlyMemory<byte> plaintext)
    {
        if (plaintext.Length != SizeInBytes)
        {
            throw new ReplyException(ReplyCheck.Archive, $"The plaintext has {plaintext.Length} bytes, not {SizeInBytes}.");
        }
        using MemoryStream stream = new(plaintext.ToArray(), writable: false);
        ArchiveReader archive = new(stream);
        try
        {
            byte[] json = ReadMember(archive, JsonName, Reply.MaxJsonInBytes);
            byte[] signature = ReadMember(archive, SignatureName, MaxSignatureInBytes);
            if (archive.ReadHeader() is not null)
            {
                throw new ReplyException(ReplyCheck.Archive, "The archive has a member too many.");
            }
            archive.ReadEnd();
            // As the source's page reads it: what one of the two takes and the other does not is an answer to the reviewers alone.
            return Utf8.IsValid(signature)
                ? (json, Encoding.UTF8.GetString(signature))
                : throw new ReplyException(ReplyCheck.Signature, $"{SignatureName} is not valid UTF-8.");
        }
        catch (ArchiveFormatException e)
        {
            throw new ReplyException(ReplyCheck.Archive, e.Message, e);
        }
    }

    private static byte[] ReadMember(ArchiveReader archive, string name, int limit) =>
        archive.ReadHeader() is { } member && member.Name == name && member.SizeInBytes <= limit
            ? archive.ReadContent(member)
            : throw new ReplyException(ReplyCheck.Archive, $"{name} is missing, or has more than {limit} bytes.");

    private static ReplySigner Verify(byte[] json, string signature, DateOnly day, Roster roster)
    {
        if (!MinisignSignature.TryParse(signature, out MinisignSignature? parsed))
        {
            throw new ReplyException(ReplyCheck.Signature, $"{SignatureName} is not a minisign signature.");
        }
        byte[] keyNumber = parsed.KeyNumber.ToArray();
        ReplySigner signer = ReplySigner.Of(roster).FirstOrDefault(one => one.SigningKey.KeyNumber.SequenceEqual(keyNumber))
            ?? throw new ReplyException(ReplyCheck.Signer, "Nobody in the roster signed it.");
        if (!new SignedStatement(StatementPurpose.Reply, json, signature).TryVerify(signer.SigningKey, out _))
        {
            throw new ReplyException(ReplyCheck.Signature, $"{SignatureName} is not a signature of {JsonName} as a reply.");
        }
        return signer.LastDay is null || day <= signer.LastDay
            ? signer
            : throw new ReplyException(ReplyCheck.Signer, "It was signed by a former reviewer after its last day.");
    }
}
