using System.Text.Json.Serialization;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>Body of <c>GET /api/v1/status</c>.</summary>
/// <param name="Day">The server's day, UTC.</param>
/// <param name="SetUp">Whether there is a roster.</param>
/// <param name="PublishAtOnce">Whether replies are out before their day has ended.</param>
/// <param name="ShardBits">The width of the running day.</param>
/// <param name="Warnings">Sentences for whoever looks after the drop; empty when all is well.</param>
public sealed record StatusAnswer(string Day, bool SetUp, bool PublishAtOnce, int ShardBits, IReadOnlyList<string> Warnings);

/// <summary>Body of <c>POST /api/v1/session/challenge</c>: good for one login within five minutes.</summary>
public sealed record ChallengeAnswer(string Challenge);

/// <summary>Body of <c>POST /api/v1/session</c>: good for one hour, as <c>Authorization: Bearer</c>.</summary>
public sealed record SessionAnswer(string Token);

/// <summary>An entry of <c>GET /api/v1/days</c>.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Reports">Committed reports.</param>
/// <param name="Bytes">Their sealed bytes together.</param>
/// <param name="Copies">Copies of replies.</param>
/// <param name="EndsOn">The day on which it ends, where a reviewer asked for that; else null.</param>
public sealed record DayAnswer(string Day, int Reports, long Bytes, int Copies, string? EndsOn);

/// <summary>An entry of <c>GET /api/v1/days/{day}/reports</c>.</summary>
public sealed record ReportAnswer(string Id, long Bytes);

/// <summary>Body of <c>DELETE /api/v1/days/{day}</c>: when the day ends.</summary>
public sealed record EndAnswer(string Day, string EndsOn);

/// <summary>Body of <c>GET /health/live</c> and <c>/health/ready</c>.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthAnswer(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ChallengeAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(IReadOnlyList<DayAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<ReportAnswer>))]
[JsonSerializable(typeof(EndAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class ReviewerJson : JsonSerializerContext;
