using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SecureDrop.Server.Intake;

namespace SecureDrop.Server.OpenApi;

/// <summary>Writes into each operation what its route's metadata says: bodies, headers, the forms of ids and days.</summary>
internal static class OperationShapes
{
    public const string SessionScheme = "session";

    public static Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        // The default groups calls by handler class, which is nothing to a reader.
        operation.Tags = new HashSet<OpenApiTagReference>();
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Schema = PathSchema(parameter.Name!);
        foreach (var item in metadata)
        {
            switch (item)
            {
                case TakesBody takes:
                    operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(takes.Body) };
                    break;
                case AnswersBody answers:
                    operation.Responses ??= [];
                    operation.Responses["200"] = new OpenApiResponse { Description = "OK", Content = Content(answers.Body) };
                    if (answers.Body == Body.Sealed)
                        operation.Responses["206"] = new OpenApiResponse { Description = "Partial Content", Content = Content(answers.Body) };
                    break;
                case NeedsTicket:
                    Add(operation, "Ticket", ParameterLocation.Header, isRequired: true, Schemas.Ticket);
                    break;
                case TakesAfter:
                    Add(operation, "after", ParameterLocation.Query, isRequired: false, Schemas.Id);
                    break;
                case NeedsSession:
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SessionScheme, context.Document)] = [] }];
                    break;
                default:
                    break;
            }
        }
        return Task.CompletedTask;
    }

    private static Dictionary<string, OpenApiMediaType> Content(Body body)
    {
        var (mediaType, schema) = Schemas.Of(body);
        return new() { [mediaType] = new OpenApiMediaType { Schema = schema } };
    }

    private static OpenApiSchema PathSchema(string name) => name switch
    {
        "day" => Schemas.Day,
        "n" => Schemas.Number(0, SealedForm.MostParts - 1),
        "shard" => Schemas.Number(0, (1 << SecureDrop.Crypto.Replies.Shard.LargestBits) - 1),
        _ => Schemas.Id,
    };

    private static void Add(OpenApiOperation operation, string name, ParameterLocation where, bool isRequired, OpenApiSchema schema)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = name, In = where, Required = isRequired, Schema = schema });
    }
}
