using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>The two health addresses of a Supabase project, answering as documented: 401 without the project's key.</summary>
internal sealed class SupabaseStand : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string key;
    private readonly CancellationTokenSource life = new();
    private int calls;

    private SupabaseStand(WebApplication app, string key) => (this.app, this.key) = (app, key);

    public string Url => app.Urls.First();

    public int Calls => calls;

    /// <summary>Status that the login service answers instead of its own; negative: none at all.</summary>
    public int Auth { get; set; } = 200;

    public static async Task<SupabaseStand> StartAsync(string key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stand = new SupabaseStand(builder.Build(), key);
        stand.app.MapGet("/rest/v1/", context => stand.AnswerAsync(context, 200, """{"swagger":"2.0"}"""));
        stand.app.MapGet("/auth/v1/health", context => stand.AnswerAsync(context, stand.Auth, """{"version":"v2.180.0","name":"GoTrue","description":"GoTrue is a user registration and authentication API"}"""));
        await stand.app.StartAsync();
        return stand;
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await app.DisposeAsync();
        life.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, int status, string body)
    {
        Interlocked.Increment(ref calls);
        if (context.Request.Headers["apikey"] != key || context.Request.Headers.Authorization != $"Bearer {key}")
            (status, body) = (401, """{"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."}""");
        if (status < 0) await Task.Delay(Timeout.Infinite, life.Token);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
