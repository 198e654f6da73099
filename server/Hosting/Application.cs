using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureDrop.Server.Intake;
using SecureDrop.Server.OpenApi;
using SecureDrop.Server.Options;
using SecureDrop.Server.Privacy;

namespace SecureDrop.Server.Hosting;

/// <summary>
/// One of the two applications. From an empty builder: no configuration from the environment can add a listener, no logger can
/// write down a request, no middleware runs that is not named here.
/// </summary>
internal static class Application
{
    public static WebApplication Build(
        ListenAddress address, HostNames hosts, long largestBodyInBytes, Connections connections, string title, Action<IServiceCollection> add, Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "SecureDrop.Server" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listener.Configure(kestrel, address, largestBodyInBytes, connections));
        builder.Services.Configure<SocketTransportOptions>(Listener.Configure);
        // After Kestrel's own registration: the last one is the one that is asked.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ClearingMemoryPoolFactory>();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(hosts).AddSingleton<ResponseHeaders>().AddSingleton<MalformedAnswers>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Clear();
            json.SerializerOptions.TypeInfoResolverChain.Add(SourceApi.SourceJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ReviewerApi.ReviewerJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(ProblemJson.Default);
        });
        add(builder.Services);
        builder.Services.TryAddSingleton<RefusalForm>();
        ApiDocument.Add(builder.Services, title);
        var app = builder.Build();
        app.Services.GetRequiredService<MalformedAnswers>().ListenTo(app.Services.GetRequiredService<DiagnosticListener>());
        app.UseMiddleware<SeatMiddleware>();
        app.UseMiddleware<RefusalMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AnswerMiddleware>();
        map(app);
        return app;
    }

    /// <summary>Where it listens, once it has started: with port 0 the system has chosen.</summary>
    public static string Address(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return address.StartsWith("http://unix:", StringComparison.Ordinal) ? address["http://".Length..] : address;
    }
}
