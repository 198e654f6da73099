using System.Text.Json.Serialization;

namespace SecureDrop.Reviewer.Api;

/// <summary>A signed statement as the routes carry it: texts exactly as signed.</summary>
internal sealed record WireStatement(string Statement, string Signature, string? SetupToken = null, IReadOnlyList<WireStatement>? Successors = null);

internal sealed record WireStatus(string Day, bool SetUp, bool PublishAtOnce, int ShardBits, IReadOnlyList<string>? Warnings = null);

internal sealed record WireChallenge(string Challenge);

internal sealed record WireToken(string Token);

/// <summary>A day on the server; with <c>endsOn</c>, where somebody with a session ended it early, the day on which it goes.</summary>
internal sealed record WireDay(string Day, long Reports, long Bytes, long Copies, string? EndsOn = null);

internal sealed record WireEnd(string EndsOn);

internal sealed record WireReport(string Id, long Bytes);

internal sealed record WireProblem(string? Title);

/// <summary>What a login signs; the origin is the one dialled, so that a server in between cannot pass the signature on.</summary>
internal sealed record WireSession(string Format, string Origin, string Challenge, string SessionKey);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireStatement))]
[JsonSerializable(typeof(List<WireStatement>))]
[JsonSerializable(typeof(WireStatus))]
[JsonSerializable(typeof(WireChallenge))]
[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(List<WireDay>))]
[JsonSerializable(typeof(WireEnd))]
[JsonSerializable(typeof(List<WireReport>))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(WireSession))]
internal sealed partial class WireJson : JsonSerializerContext;
