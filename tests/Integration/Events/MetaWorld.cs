using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>A receiver whose systems <c>agent</c> and <c>bot</c> have an app at Meta each, and <c>shop</c>, an Evolution, has none.</summary>
public abstract class MetaWorld : IAsyncLifetime
{
    private protected const string Secret = "app-secret-now-7781", Previous = "app-secret-before-7780", OtherSecret = "app-secret-of-the-bot-3", Token = "verify-token-9924";

    private protected TestDatabase Database { get; private set; } = null!;

    private protected ReceiverHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await Databases.OperationsAsync();
        // Its time stands still: the background would tell of the first refusals while others are still to come.
        Host = await ReceiverHost.StartWithAsync(
            Fleet(), Database.ConnectionString, new FakeTimeProvider(DateTimeOffset.UtcNow), "--EventsMaxBodyBytes=20000", "--EventsMaxJsonDepth=40",
            $"--APP_SECRET={Secret}", $"--PREVIOUS_APP_SECRET={Previous}", $"--BOT_APP_SECRET={OtherSecret}", $"--VERIFY_TOKEN={Token}");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static FleetDocument Fleet()
    {
        var usual = ReceiverHost.Fleet();
        return usual with
        {
            Systems =
            [
                .. usual.Systems,
                new() { Name = "agent", Kind = "agent", Meta = new() { AppSecret = "${env:APP_SECRET}", PreviousAppSecret = "${env:PREVIOUS_APP_SECRET}", VerifyToken = "${env:VERIFY_TOKEN}" } },
                new() { Name = "bot", Kind = "bot", Meta = new() { AppSecret = "${env:BOT_APP_SECRET}", PreviousAppSecret = "${env:TAKEN_OUT_LONG_AGO}", VerifyToken = "${env:VERIFY_TOKEN}" } },
                new() { Name = "unset", Kind = "bot", Meta = new() { AppSecret = "${env:NEVER_SET}", VerifyToken = "${env:NEVER_SET}" } },
            ],
        };
    }

    private protected static string Message(string id, string account = "102290129340398", string phone = "5511912345678") => Body(Entry(account,
        $$$"""{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"5511888880000","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Ana"},"wa_id":"{{{phone}}}"}],"messages":[{"from":"{{{phone}}}","id":"{{{id}}}","timestamp":"1767225600","text":{"body":"olá"},"type":"text"}]},"field":"messages"}"""));

    private protected static string Status(string id, string status, string phone = "5511912345678") =>
        $$$"""{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"5511888880000","phone_number_id":"106540352242922"},"statuses":[{"id":"{{{id}}}","status":"{{{status}}}","timestamp":"1767225600","recipient_id":"{{{phone}}}"}]},"field":"messages"}""";

    private protected static string Entry(string account, params string[] changes) => $$"""{"id":"{{account}}","time":1767225600,"changes":[{{string.Join(',', changes)}}]}""";

    private protected static string Body(params string[] entries) => $$"""{"object":"whatsapp_business_account","entry":[{{string.Join(',', entries)}}]}""";

    private protected static string Sign(string body, string secret = Secret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    /// <summary>Signed with the current secret unless a signature is given; an empty one is no header.</summary>
    private protected async Task<(int Status, string Answer)> SendAsync(string body, string? signature = null, string system = "agent")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/meta/webhook/{system}") { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        if ((signature ?? Sign(body)) is { Length: > 0 } header) request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", header);
        using var response = await Host.Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, answer.StartsWith('{') && JsonDocument.Parse(answer).RootElement.TryGetProperty("status", out var status) ? status.ToString() : answer);
    }
}
