using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>A server on loopback that answers what a test says: for what no gateway, real or simulated, should ever answer.</summary>
internal sealed class ScriptedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedGateway(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Raw targets of the requests received.</summary>
    public List<string> Targets { get; } = [];

    public static async Task<ScriptedGateway> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var gateway = new ScriptedGateway(app);
        app.Run(context =>
        {
            lock (gateway.Targets)
                gateway.Targets.Add(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget);
            return answer(context);
        });
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return gateway;
    }

    public static Task<ScriptedGateway> StartAsync(int status, string body, string contentType = "application/json") => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
