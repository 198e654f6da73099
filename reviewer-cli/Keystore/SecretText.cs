using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureDrop.Reviewer.Keystore;

/// <summary>A secret spelled in characters, on its way from or to the sealed file: wiped when disposed, never a string.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class SecretText(char[] characters) : IDisposable
{
    public ReadOnlySpan<char> Characters => characters;

    public static SecretText FromAscii(ReadOnlySpan<byte> ascii)
    {
        char[] characters = new char[ascii.Length];
        System.Text.Encoding.ASCII.GetChars(ascii, characters);
        return new SecretText(characters);
    }

    /// <summary>Gives the secret as bytes for as long as <paramref name="use"/> runs.</summary>
    public T AsBytes<T>(Func<byte[], T> use)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(characters);
        try
        {
            return use(bytes);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => Array.Clear(characters);

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(SecretText);

    internal sealed class Converter : JsonConverter<SecretText>
    {
        public override SecretText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException();
            }

            char[] buffer = new char[reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length];
            int length = reader.CopyString(buffer);
            char[] exact = buffer[..length];
            Array.Clear(buffer);
            return new SecretText(exact);
        }

        public override void Write(Utf8JsonWriter writer, SecretText value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Characters);
    }
}
