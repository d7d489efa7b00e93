using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace WhatsOps.Tests.Integration.Delivery;

/// <summary>A product's endpoint on loopback: checks the Standard Webhooks signature, keeps what it took, and answers as its rule says.</summary>
internal sealed class ProductReceiver : IAsyncDisposable
{
    /// <summary>In the form that Standard Webhooks libraries hand out.</summary>
    public static readonly string Secret = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("a delivery secret of the tests"));

    private readonly WebApplication _app;

    private ProductReceiver(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    /// <summary>The status for a call; 200 without one. May set headers.</summary>
    public Func<Call, HttpContext, int> Rule { get; set; } = (_, _) => 200;

    /// <summary>Every call, in order, taken or not.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>What was answered with 2xx, in order.</summary>
    public IEnumerable<Call> Taken => Calls.Where(call => call.Status is >= 200 and < 300);

    public static async Task<ProductReceiver> StartAsync(int port = 0)
    {
        var receiver = new ProductReceiver(port);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = new Call(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        call.Status = Rule(call, context);
        Calls.Enqueue(call);
        context.Response.StatusCode = call.Status;
    }

    /// <summary>One request.</summary>
    internal sealed record Call(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public int Status { get; set; }

        public string Id => Headers["webhook-id"];

        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>Of a message event.</summary>
        public string? MessageId => JsonNode.Parse(Body)?["data"]?["key"]?["id"]?.GetValue<string>();

        /// <summary>As a receiver's library checks it.</summary>
        public bool IsSigned()
        {
            var timestamp = Headers["webhook-timestamp"];
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{timestamp}."), .. Body];
            var expected = HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), signed);
            return Headers["webhook-signature"] == "v1," + Convert.ToBase64String(expected)
                && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        }
    }
}
