using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WhatsOps.Cli.Up;
using WhatsOps.Console;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Embedded;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

/// <summary>The fleet's routes as callers see them: over HTTP, through the middleware, on the embedded host.</summary>
public sealed class FleetHttpTests : IAsyncLifetime
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(Repository.Root, "fleet.sample.json"));
    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");
    private TestDatabase _operations = null!;
    private TestDatabase _product = null!;
    private TestFunctionHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _operations = await Databases.OperationsAsync();
        _product = await Databases.RevalyaAsync();
        await RevalyaTables.SeedAsync(_product.DataSource, "acme");
        await File.WriteAllTextAsync(_keyFile, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var builder = TestFunctionHost.Builder([typeof(FleetFunctions), typeof(PauseFunctions), typeof(TenantSecretFunctions)],
            $"--DataKeyFile={_keyFile}", $"--REVALYA_DATABASE={_product.ConnectionString}", "--EVOLUTION_API_KEY=k");
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(_operations.DataSource).AddFleet();
        _host = await TestFunctionHost.StartAsync(builder);
        await _host.Services.GetRequiredService<IFleetVersions>().ApplyAsync(Fleet(Sample), "FleetFile", onlyFirst: true, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _product.DisposeAsync();
        await _operations.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Theory]
    [InlineData("GET", "api/fleet", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/fleet", "nobody", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/fleet", "viewer", HttpStatusCode.OK)]
    [InlineData("GET", "api/fleet/versions", "viewer", HttpStatusCode.OK)]
    [InlineData("PUT", "api/fleet", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("POST", "api/pause", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("GET", "api/pause", "viewer", HttpStatusCode.OK)]
    [InlineData("POST", "api/tenants/revalya/acme/webhook-secret/rotate", "viewer", HttpStatusCode.Forbidden)]
    [InlineData("POST", "api/tenants/revalya/acm/webhook-secret/rotate", "approver", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/tenants/other/acme/webhook-secret/rotate", "approver", HttpStatusCode.NotFound)]
    public async Task Every_route_knows_its_callers(string method, string path, string? key, HttpStatusCode expected)
    {
        var (status, body) = await SendAsync(new HttpMethod(method), path, key, method == "GET" ? null : "{}");

        Assert.Equal(expected, status);
        if (status != HttpStatusCode.OK) Assert.False(string.IsNullOrEmpty(body["error"]?.ToString()));
    }

    [Fact]
    public async Task A_file_is_validated_applied_shown_and_remembered()
    {
        var changed = Fleet(Sample).Replace("\"actionsPerHour\": 6", "\"actionsPerHour\": 4", StringComparison.Ordinal);

        Assert.True((bool)(await SendAsync(HttpMethod.Post, "api/fleet/validate", "viewer", changed)).Body["valid"]!);
        var applied = await SendAsync(HttpMethod.Put, "api/fleet", "approver", changed);
        var shown = await SendAsync(HttpMethod.Get, "api/fleet", "viewer");
        var versions = await SendAsync(HttpMethod.Get, "api/fleet/versions", "viewer");

        Assert.Equal(HttpStatusCode.OK, applied.Status);
        Assert.Equal((int)applied.Body["version"]!, (int)shown.Body["version"]!);
        Assert.Equal(4, (int)shown.Body["document"]!["systems"]![0]!["actionsPerHour"]!);
        Assert.Equal("first-approver", versions.Body["versions"]![0]!["appliedBy"]!.ToString());
        Assert.DoesNotContain(_product.ConnectionString, shown.Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("operator")]
    public async Task Key_hashes_are_for_approvers_and_a_document_without_them_cannot_be_applied(string role)
    {
        var shown = (await SendAsync(HttpMethod.Get, "api/fleet", role)).Body;

        Assert.DoesNotContain("sha256:", shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["first-approver", "second-approver", "dashboard", "night-shift"], shown["document"]!["operators"]!.AsArray().Select(person => person!["name"]!.ToString()));
        Assert.Equal(Enumerable.Range(0, 4).Select(index => $"$.operators[{index}].keyHash"), shown["leftOut"]!.AsArray().Select(path => path!.ToString()));
        var refused = await SendAsync(HttpMethod.Put, "api/fleet", "approver", shown["document"]!.ToJsonString());
        Assert.Equal((HttpStatusCode.BadRequest, 4), (refused.Status, refused.Body["problems"]!.AsArray().Count));
    }

    [Fact]
    public async Task What_show_prints_for_an_approver_is_the_file_that_apply_takes()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await CommandAsync("show", "approver"));
        Assert.Equal(4, JsonNode.Parse(await File.ReadAllTextAsync(file))!["operators"]!.AsArray().Count(person => person!["keyHash"] is not null));

        Assert.Contains("is in force as version 1.", await CommandAsync("apply", "approver", file), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"actionsPerHour\": 6", "\"actionsPerHour\": 5", StringComparison.Ordinal));
        Assert.Contains("is in force as version 2.", await CommandAsync("apply", "approver", file), StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", await CommandAsync("show", "viewer"), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_bad_file_is_400_with_every_problem_and_changes_nothing()
    {
        var before = (int)(await SendAsync(HttpMethod.Get, "api/fleet", "viewer")).Body["version"]!;

        var refused = await SendAsync(HttpMethod.Put, "api/fleet", "approver", Fleet(Sample).Replace("https://evolution.example.com", "evolution", StringComparison.Ordinal).Replace("\"evolution\",\n      \"timeZone\"", "\"x\",\n      \"timeZone\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["$.systems[0].kind", "$.systems[0].gateways[0].url"], refused.Body["problems"]!.AsArray().Select(problem => problem!["path"]!.ToString()));
        Assert.Contains("$.systems[0].gateways[0].url: must be an absolute http(s) URL. Fix:", refused.Body["error"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, (int)(await SendAsync(HttpMethod.Get, "api/fleet", "viewer")).Body["version"]!);
    }

    [Fact]
    public async Task Pausing_and_resuming_says_who_and_a_typo_pauses_nothing()
    {
        var paused = await SendAsync(HttpMethod.Post, "api/pause", "approver", """{"system":"revalya","reason":"storm"}""");
        Assert.Equal(("revalya", "first-approver", "storm"), (Text(paused, "system"), Text(paused, "by"), Text(paused, "reason")));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, "api/pause", "approver", """{"system":"revalia"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, "api/pause", "approver", "not json")).Status);
        Assert.Empty((await SendAsync(HttpMethod.Post, "api/resume", "approver", """{"system":"revalya"}""")).Body["pauses"]!.AsArray());

        static string Text((HttpStatusCode, JsonNode Body) answer, string member) => answer.Body["pauses"]![0]![member]!.ToString();
    }

    [Fact]
    public async Task A_rotated_secret_is_shown_once_and_proves_from_then_on()
    {
        var made = await SendAsync(HttpMethod.Post, "api/tenants/revalya/acme/webhook-secret/rotate", "approver", "");

        var secret = Assert.Single(await _host.Services.GetRequiredService<ITenantSecrets>().ForSlugAsync("acme", default));
        Assert.Equal(secret.Current, made.Body["secret"]!.ToString());
        Assert.DoesNotContain(_host.Logs.Lines, line => line.Contains(secret.Current, StringComparison.Ordinal));
    }

    // The sample with operators whose keys the tests know.
    private static string Fleet(string sample)
    {
        foreach (var (key, number) in new[] { ("approver", 1), ("viewer", 3) }) sample = sample.Replace($"sha256:{number:D64}", Hash(key), StringComparison.Ordinal);
        var fleet = JsonNode.Parse(sample)!;
        fleet["operators"]!.AsArray().Add(new JsonObject { ["name"] = "night-shift", ["role"] = "operator", ["keyHash"] = Hash("operator") });
        return fleet.ToJsonString(new() { WriteIndented = true });

        static string Hash(string key) => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private Task<string> CommandAsync(string verb, string key, params string[] arguments) => Cli.Local.ChildProcess.RunAsync(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "whatsops.dll"), "fleet", verb, .. arguments, "--url", _host.Client.BaseAddress!.ToString(), "--key", key], default);

    private async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("x-whatsops-key", key);
        using var response = await _host.Client.SendAsync(request);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }
}
