using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>A place on loopback that takes Slack messages, other JSON and forms, or refuses them as told.</summary>
internal sealed class SlackReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private SlackReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<JsonElement> Bodies { get; } = new();

    /// <summary>All bodies as they came, with their headers.</summary>
    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, byte[] Body)> Raw { get; } = new();

    /// <summary>Answers to give before going back to 200; negative: 429 with that many seconds of Retry-After.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public string Url => app.Urls.First() + "/services/T000/B000/planted-slack-secret";

    /// <summary>Headlines of the Slack messages among the bodies.</summary>
    public IEnumerable<string> Texts => Bodies.Where(body => body.TryGetProperty("text", out _)).Select(body => body.GetProperty("text").GetString()!);

    public static async Task<SlackReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new SlackReceiver(builder.Build());
        receiver.app.MapPost("/services/T000/B000/planted-slack-secret", (Delegate)receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes);
        if (Answers.TryDequeue(out var status))
        {
            if (status >= 0) return Results.StatusCode(status);
            context.Response.Headers.RetryAfter = $"{-status}";
            return Results.StatusCode(429);
        }

        Raw.Enqueue((context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), bytes.ToArray()));
        if (context.Request.HasJsonContentType()) Bodies.Enqueue(JsonSerializer.Deserialize<JsonElement>(bytes.ToArray()));
        return Results.Text("ok");
    }
}
