using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>An HTTP server that answers what it is told to.</summary>
internal sealed class HttpStand : IAsyncDisposable
{
    private readonly WebApplication app;

    private HttpStand(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public Func<HttpContext, Task> Answer { get; set; } = static http => http.Response.WriteAsync("ok");

    public List<string> Seen { get; } = [];

    public static async Task<HttpStand> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stand = new HttpStand(app);
        app.Run(http =>
        {
            lock (stand.Seen) stand.Seen.Add($"{http.Request.Method} {http.Request.Path} {http.Request.Headers.Authorization}".TrimEnd());
            return stand.Answer(http);
        });
        await app.StartAsync();
        return stand;
    }

    public void Says(string body, int status = 200) => Answer = http =>
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(body);
    };

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
