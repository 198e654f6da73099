using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecureDrop.Crypto.Age;
using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>A JSON document sealed to the keystore's own key, replaced as a whole.</summary>
internal static class OwnSealedFile
{
    public static void Write<T>(string path, T document, JsonTypeInfo<T> type, HybridRecipient own) => AtomicFile.Write(path, stream =>
    {
        using AgeSealStream seal = new(stream, [own], leaveOpen: true);
        JsonSerializer.Serialize(seal, document, type);
        seal.Complete();
    });

    /// <summary>The document, or null where there is none yet.</summary>
    /// <exception cref="ReviewerException">Damaged, or sealed to another keystore.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type, HybridIdentity own, string remedy) where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            using AgeOpenStream open = AgeOpenStream.Open(stream, [own]);
            return JsonSerializer.Deserialize(open, type) ?? throw new JsonException("null");
        }
        catch (AgeFormatException e) when (e.Failure == AgeFailure.NoMatch)
        {
            throw new ReviewerException(ExitCode.Foreign, $"{path} belongs to another keystore. {remedy}", e);
        }
        catch (Exception e) when (e is AgeFormatException or JsonException)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{path} is damaged. {remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewerException(ExitCode.Damaged, $"{path} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
