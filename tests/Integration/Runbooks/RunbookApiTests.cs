using System.Text.Json.Nodes;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The routes, on the real host process.</summary>
public sealed class RunbookApiTests
{
    [Fact]
    public async Task A_reset_from_plan_to_proof_over_HTTP_with_every_wrong_turn_answered()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "open");
        using var host = new RunbookHost(rig);
        await host.StartAsync();
        var ask = new { system = "revalya", tenant = "acme", reason = "it is broken" };

        await RefusedAsync(401, host.SendAsync(null, HttpMethod.Get, "/api/runbooks"));
        await RefusedAsync(403, host.SendAsync(host.Vera, HttpMethod.Post, "/api/runbooks/reset-integration", ask));
        await RefusedAsync(404, host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-everything", ask));
        await RefusedAsync(404, host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-integration", ask with { tenant = "acm" }), "$.tenant");
        await RefusedAsync(404, host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-integration", ask with { system = "other" }), "$.system");
        await RefusedAsync(400, host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-integration", ask with { reason = " " }), "$.reason");
        await RefusedAsync(404, host.SendAsync(host.Ana, HttpMethod.Get, $"/api/runbooks/{Guid.CreateVersion7()}"));
        await RefusedAsync(400, host.SendAsync(host.Ana, HttpMethod.Get, "/api/runbooks?state=sleeping"), "state");

        var plan = await OkAsync(200, host.SendAsync(host.Vera, HttpMethod.Post, "/api/runbooks/reset-integration?dryRun=true", ask));
        Assert.Equal("delete-instance", plan["plan"]!["pointOfNoReturn"]!.GetValue<string>());
        Assert.Contains("DELETE /instance/delete/revalya-acme", plan["plan"]!["steps"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await OkAsync(200, host.SendAsync(host.Vera, HttpMethod.Get, "/api/runbooks"))).AsArray());

        var run = await OkAsync(202, host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-integration", ask));
        var path = $"/api/runbooks/{run["id"]!.GetValue<string>()}";
        Assert.Equal("waiting_approval", State(run));
        Assert.Equal(plan["planHash"]!.GetValue<string>(), run["planHash"]!.GetValue<string>());
        await RefusedAsync(409, host.SendAsync(host.Bia, HttpMethod.Post, "/api/runbooks/reset-integration", ask));
        var approval = new { planHash = run["planHash"]!.GetValue<string>() };
        await RefusedAsync(403, host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/approve", approval));
        await RefusedAsync(409, host.SendAsync(host.Bia, HttpMethod.Post, $"{path}/approve", new { planHash = new string('0', 64) }), "$.planHash");
        await RefusedAsync(409, host.SendAsync(host.Ana, HttpMethod.Get, $"{path}/qr"));
        await OkAsync(200, host.SendAsync(host.Bia, HttpMethod.Post, $"{path}/approve", approval));

        await Until.TrueAsync(async () => State(await GetAsync(host, path)) == "waiting_person", 30, () => "the run to wait for a person");
        await RefusedAsync(409, host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/cancel"));
        await RefusedAsync(403, host.SendAsync(host.Vera, HttpMethod.Get, $"{path}/qr"));
        await AssertQrAsync(host, path);
        await RefusedAsync(400, host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/steps/logout/confirm"));
        // A click is no proof: the run goes on waiting.
        Assert.Equal("waiting_person", State(await OkAsync(200, host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/steps/scan-qr/confirm"))));

        await rig.Gateway.ScanAsync("revalya-acme");
        await Until.TrueAsync(async () => (await GetAsync(host, path))["final"]!.GetValue<bool>(), 30, () => "the run to end");
        run = await GetAsync(host, path);
        Assert.Equal("completed", State(run));
        Assert.All(run["steps"]!.AsArray(), step => Assert.Equal("done", step!["status"]!.GetValue<string>()));
        Assert.StartsWith("evidence/revalya/acme/", run["evidence"]!.GetValue<string>(), StringComparison.Ordinal);
        await rig.AssertRenewedAsync("acme");
        await RefusedAsync(409, host.SendAsync(host.Ana, HttpMethod.Post, $"{path}/cancel"));
        Assert.Single((await OkAsync(200, host.SendAsync(host.Vera, HttpMethod.Get, "/api/runbooks?tenant=acme&state=completed"))).AsArray());
    }

    private static async Task AssertQrAsync(RunbookHost host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}/qr");
        request.Headers.Add("x-whatsops-key", host.Ana.Key);
        using var answer = await host.Process.Client.SendAsync(request);
        Assert.Equal((200, "image/png", true), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await answer.Content.ReadAsByteArrayAsync())[..4]);
    }

    private static async Task<JsonNode> GetAsync(RunbookHost host, string path) => await OkAsync(200, host.SendAsync(host.Vera, HttpMethod.Get, path));

    private static string State(JsonNode run) => run["state"]!.GetValue<string>();

    private static async Task<JsonNode> OkAsync(int expected, Task<(int Status, JsonNode? Body)> sending)
    {
        var (status, body) = await sending;
        Assert.True(status == expected, $"{status}: {body}");
        return body!;
    }

    private static async Task RefusedAsync(int expected, Task<(int Status, JsonNode? Body)> sending, string? field = null)
    {
        var (status, body) = await sending;
        Assert.True(status == expected, $"{status}: {body}");
        Assert.False(string.IsNullOrWhiteSpace(body!["error"]!.GetValue<string>()));
        if (field is not null) Assert.Equal(field, body["field"]?.GetValue<string>());
    }
}
