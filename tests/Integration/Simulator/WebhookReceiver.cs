using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Takes webhooks on loopback and answers as its rule says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> received = new();

    private WebhookReceiver(Func<HttpContext, int, Task> rule)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var json = body.Length == 0 ? default : JsonDocument.Parse(body.ToArray()).RootElement;
            var path = context.Request.Path + context.Request.QueryString.Value;
            received.Enqueue(new Received(context.Request.Method, path,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), json));
            await rule(context, received.Count(one => one.Path == path));
        });
    }

    public string Url => app.Urls.First();

    public IReadOnlyList<Received> All => [.. received];

    public IEnumerable<Received> Of(string instance) => received.Where(one => one.Instance == instance);

    /// <summary>Starts with a rule: the call, and the how-manieth of its path it is.</summary>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, int, Task>? rule = null)
    {
        var receiver = new WebhookReceiver(rule ?? ((_, _) => Task.CompletedTask));
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>A receiver that always answers one status.</summary>
    public static Task<WebhookReceiver> Answering(int status) => StartAsync((context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>One request.</summary>
    internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
    {
        public string? Event => Text("event");

        public string? Instance => Text("instance");

        public string? State => Body.ValueKind == JsonValueKind.Object && Body.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
            && data.TryGetProperty("state", out var state) ? state.GetString() : null;

        public bool HasSender => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("sender", out _);

        private string? Text(string name) =>
            Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
