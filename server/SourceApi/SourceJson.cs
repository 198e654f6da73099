using System.Text.Json.Serialization;

namespace SecureDrop.Server.SourceApi;

/// <summary>Body of <c>GET /api/v1/ticket</c>.</summary>
/// <param name="Ticket">Opaque text, good for one upload.</param>
/// <param name="Difficulty">Leading zero bits asked; 0 asks for no work.</param>
public sealed record TicketAnswer(string Ticket, int Difficulty);

/// <summary>Body of <c>GET /api/v1/reports/{id}/parts</c>: the parts that have arrived.</summary>
public sealed record PartsAnswer(IReadOnlyList<int> Parts);

/// <summary>An entry of <c>GET /api/v1/dead-drops</c>: the bytes of each of the day's 2^ShardBits shards.</summary>
public sealed record DeadDropAnswer(string Day, int ShardBits, IReadOnlyList<long> Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TicketAnswer))]
[JsonSerializable(typeof(PartsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<DeadDropAnswer>))]
internal sealed partial class SourceJson : JsonSerializerContext;
