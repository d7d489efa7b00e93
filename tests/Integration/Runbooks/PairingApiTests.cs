using System.Text.Json.Nodes;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The pairing page over HTTP, on the real host process, as a tenant's browser and a chat's preview meet it.</summary>
public sealed class PairingApiTests
{
    [Fact]
    public async Task A_tenant_pairs_by_link_without_an_account_and_the_link_does_nothing_else()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme");
        using var host = new RunbookHost(rig);
        await host.StartAsync(timeScale: 0.2);
        var run = (await host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reauthenticate", new { system = "revalya", tenant = "acme", reason = "logged out", parameters = new { number = "5511987650001" } })).Body!;
        var path = $"/api/runbooks/{run["id"]!.GetValue<string>()}";
        Assert.Equal("queued", run["state"]!.GetValue<string>());
        await Until.TrueAsync(async () => (await host.SendAsync(host.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person", 60, () => "the run to wait for a person");

        Assert.Equal(401, (await host.SendAsync(null, HttpMethod.Post, $"{path}/link")).Status);
        Assert.Equal(403, (await host.SendAsync(host.Vera, HttpMethod.Post, $"{path}/link")).Status);
        var (status, made) = await host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/link");
        Assert.Equal(201, status);
        var link = new Uri(made!["url"]!.GetValue<string>()).AbsolutePath;

        // A chat program previews it, more than once.
        for (var preview = 0; preview < 3; preview++) await AssertPageAsync(host, link, "en-US,en;q=0.9", "en", "Connect WhatsApp");
        await AssertPageAsync(host, link, "pt-BR", "pt-BR", "Conectar o WhatsApp");
        await AssertCodeAsync(host, link);
        var gone = await AssertGoneAsync(host, "/api/pair/" + new string('A', 43));
        Assert.Equal(gone, await AssertGoneAsync(host, "/api/pair/x"));
        await AssertLimitedAsync(host, host.Ana, path);

        await rig.Gateway.ScanAsync("revalya-acme");
        await Until.TrueAsync(async () => (await JsonAsync(host, $"{link}/code"))?["state"]?.GetValue<string>() == "connected", 60, () => "the page to say connected");
        await Until.TrueAsync(async () => (await host.SendAsync(host.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "completed", 60, () => "the run to end");
        Assert.Equal(gone, await AssertGoneAsync(host, link));
        Assert.Equal("connected", (await JsonAsync(host, $"{link}/code"))!["state"]!.GetValue<string>());
        Assert.Equal(409, (await host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/link")).Status);
    }

    private static async Task AssertPageAsync(RunbookHost host, string link, string wanted, string language, string title)
    {
        using var answer = await GetAsync(host, link, ("Accept-Language", wanted));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal((200, "text/html", true), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore));
        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>acme</strong>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(link[(link.LastIndexOf('/') + 1)..], page, StringComparison.Ordinal);
        Assert.DoesNotContain("0001", page, StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("noindex", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")), StringComparison.Ordinal);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains($"<script nonce=\"{nonce}\">", page, StringComparison.Ordinal);
    }

    private static async Task AssertCodeAsync(RunbookHost host, string link)
    {
        JsonNode? view = null;
        await Until.TrueAsync(async () => (view = await JsonAsync(host, $"{link}/code"))?["state"]?.GetValue<string>() == "scan", 60, () => "a code");
        Assert.StartsWith("data:image/png;base64,iVBOR", view!["qr"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Matches("^[A-Z0-9]{8}$", view["pairingCode"]!.GetValue<string>());
        Assert.InRange(view["linkSeconds"]!.GetValue<int>(), 1, 1800);
        using var picture = await GetAsync(host, $"{link}/code", ("Accept", "image/png"));
        Assert.Equal((200, "image/png"), ((int)picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await picture.Content.ReadAsByteArrayAsync())[..4]);
    }

    // The nonce is another one each time; everything else is the same, whatever is wrong with a link.
    private static async Task<string> AssertGoneAsync(RunbookHost host, string link)
    {
        using var answer = await GetAsync(host, link, ("Accept-Language", "en"));
        Assert.Equal(404, (int)answer.StatusCode);
        return System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(), "nonce=\"[^\"]+\"", "");
    }

    private static async Task AssertLimitedAsync(RunbookHost host, WhatsOps.Cli.Up.OperatorKey by, string path)
    {
        var other = new Uri((await host.SendAsync(by, HttpMethod.Post, $"{path}/link")).Body!["url"]!.GetValue<string>()).AbsolutePath;
        // A minute may end in between; two minutes' worth cannot all pass.
        var answers = new List<int>();
        for (var ask = 0; ask < 250; ask++)
        {
            using var answer = await GetAsync(host, $"{other}/code");
            answers.Add((int)answer.StatusCode);
            if (answers[^1] == 429) break;
        }

        Assert.Equal(429, answers[^1]);
        Assert.All(answers.SkipLast(1), status => Assert.Equal(200, status));
    }

    private static async Task<JsonNode?> JsonAsync(RunbookHost host, string path)
    {
        using var answer = await GetAsync(host, path);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> GetAsync(RunbookHost host, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await host.Process.Client.SendAsync(request);
    }
}
