using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SecureDrop.Server.OpenApi;

/// <summary>The OpenAPI document of one listener, made from its table of routes.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static void Add(IServiceCollection services, string title) => services.AddOpenApi(Name, options =>
    {
        options.AddOperationTransformer(OperationShapes.ApplyAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = title, Version = "1" };
            // Where this machine listens is nobody's business, and would differ from file to file.
            document.Servers = [];
            document.Tags = null;
            document.Components ??= new();
            foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations is { } operations ? [.. operations.Values] : Array.Empty<OpenApiOperation>()))
                operation.Tags = null;
            if (title == ReviewerTitle)
            {
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [OperationShapes.SessionScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                };
            }
            return Task.CompletedTask;
        });
    });

    public const string SourceTitle = "SecureDrop, the sources' side";
    public const string ReviewerTitle = "SecureDrop, the reviewers' side";

    /// <summary>The document as JSON, with a line feed at its end.</summary>
    public static async Task<string> WriteAsync(IServiceProvider services, CancellationToken cancel)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancel);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel) + "\n";
    }
}
