using Microsoft.AspNetCore.Http;
using SecureDrop.Server.Privacy;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

public sealed class RefusalMiddlewareTests
{
    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "fault: ")]
    public async Task Log_OfAClientThatLeft_IsEmptyWhoeverHearsOfItFirst(bool isCancelled, string said)
    {
        // A body may break off with this before the request's own token is set; a fault beside it shows that a fault is logged.
        RequestDelegate next = _ => throw (isCancelled ? new TaskCanceledException() : new InvalidOperationException());
        var written = new StringWriter();
        var log = new ServerLog(written);
        var middleware = new RefusalMiddleware(next, new ResponseHeaders(TimeProvider.System), new HostNames(["localhost"]), new RefusalForm(), log);
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost");
        context.RequestServices = new Services();
        await middleware.InvokeAsync(context);
        log.Flush();
        Assert.StartsWith(said, written.ToString());
        Assert.Equal(said.Length == 0, written.ToString().Length == 0);
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(TimeProvider) ? TimeProvider.System : null;
    }
}
