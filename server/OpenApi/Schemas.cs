using Microsoft.OpenApi;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.OpenApi;

/// <summary>Schemas of what is read and written by hand.</summary>
internal static class Schemas
{
    private const string Key = "^RW[A-Za-z0-9+/]{54}$";

    public static OpenApiSchema Id => new() { Type = JsonSchemaType.String, Pattern = "^[0-9a-f]{32}$" };

    public static OpenApiSchema Day => new() { Type = JsonSchemaType.String, Format = "date" };

    public static OpenApiSchema Ticket => new() { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9_-]+\\.([0-9a-f]{2}){1,16}$" };

    public static OpenApiSchema Number(long smallest, long largest) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = smallest.ToString(),
        Maximum = largest.ToString(),
    };

    public static (string MediaType, OpenApiSchema Schema) Of(Body body) => body switch
    {
        Body.Sealed or Body.Slots or Body.Records or Body.Batch => (MediaType.Octets, Bytes),
        Body.Commit => (MediaType.Json, Object(("parts", Number(1, SealedForm.MostParts)), ("bytes", Number(1, (long)SealedForm.MostParts * IReportStore.PartSizeInBytes)))),
        Body.Statement => (MediaType.Json, Statement()),
        Body.FirstRoster => (MediaType.Json, FirstRoster()),
        Body.Form => (MediaType.Form, Object((SourceApi.Plain.MultipartFile.Field, Bytes))),
        Body.Page => (MediaType.Html, Text),
        Body.Metrics => (MediaType.OpenMetrics, Text),
        Body.Roster => (MediaType.Json, Object(
            ("dropKey", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Key }),
            ("successors", Array(Statement())), ("roster", Text), ("signature", Text), ("recipients", Array(Statement())))),
        Body.Earlier => (MediaType.Json, Object(("rosters", Array(Statement())), ("recipients", Array(Statement())))),
        _ => throw new ArgumentOutOfRangeException(nameof(body)),
    };

    private static OpenApiSchema Bytes => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Statement() => Object(("statement", Text), ("signature", Text));

    private static OpenApiSchema FirstRoster()
    {
        var schema = Statement();
        schema.Properties!["setupToken"] = Text;
        schema.Properties["successors"] = Array(Statement());
        return schema;
    }

    private static OpenApiSchema Array(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Object(params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
        Required = members.Select(member => member.Name).ToHashSet(),
    };
}
