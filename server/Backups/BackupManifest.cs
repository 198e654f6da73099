using System.Text.Json.Serialization;

namespace SecureDrop.Server.Backups;

/// <summary>The list of a backup's files, written when all of them are.</summary>
/// <param name="Format"><see cref="FormatName"/>.</param>
/// <param name="Version"><see cref="CurrentVersion"/>; a newer one is refused, never guessed at.</param>
/// <param name="Files">Every file there is, but this one.</param>
public sealed record BackupManifest(string Format, int Version, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";
    public const string FormatName = "securedrop-backup";
    public const int CurrentVersion = 1;
}

/// <summary>A file of a backup.</summary>
/// <param name="Name">A <see cref="BackupName"/>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hex, 64 characters.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class BackupJson : JsonSerializerContext;
