using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WhatsOps.Conformance;

/// <summary>The durable extension's own endpoints, with the master key.</summary>
public sealed class DurableManagementConformance(HostUnderTest host)
{
    private const string Instances = "runtime/webhooks/durabletask/instances";

    [Fact]
    public async Task They_need_a_key() => Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Get, $"{Instances}/x")).StatusCode);

    [Fact]
    public async Task Status_is_202_while_it_runs_200_when_it_is_over_404_when_it_never_was()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/nobody")).StatusCode);
        var id = await host.StartAsync("LateListener");
        var running = await GetAsync($"/{id}");
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.NotNull(running.Headers.Location);

        await host.CommandAsync(id, "raise/go", "");
        await host.CommandAsync(id, "raise/early", "1");
        await host.CommandAsync(id, "raise/early", "2");
        await host.UntilAsync(id, "Completed");
        var over = await GetAsync($"/{id}");
        Assert.Equal(HttpStatusCode.OK, over.StatusCode);
        var state = await over.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("LateListener", id, "Completed", "12"), (
            state.GetProperty("name").GetString(),
            state.GetProperty("instanceId").GetString(),
            state.GetProperty("runtimeStatus").GetString(),
            state.GetProperty("output").GetString()));
        Assert.True(state.GetProperty("createdTime").GetDateTime() <= state.GetProperty("lastUpdatedTime").GetDateTime());
    }

    [Fact]
    public async Task Input_is_shown_unless_it_is_not_wanted()
    {
        var id = await host.StartAsync("Chain", new { product = "lamp", amount = 1 });
        await host.UntilAsync(id, "Completed");
        Assert.Equal("lamp", (await (await GetAsync($"/{id}")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input").GetProperty("product").GetString());
        Assert.Equal(JsonValueKind.Null, (await (await GetAsync($"/{id}?showInput=false")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input").ValueKind);
    }

    [Fact]
    public async Task Instances_are_listed_by_prefix_and_status()
    {
        var prefix = $"list-{Guid.NewGuid():N}";
        foreach (var (name, number) in new[] { ("Forever", 1), ("Forever", 2), ("FanOut", 3) })
            await host.SendAsync(HttpMethod.Post, $"api/orchestrations/{name}/{prefix}-{number}", host.FunctionKey, 1);
        await host.UntilAsync($"{prefix}-3", "Completed");
        await host.UntilAsync($"{prefix}-1", "Running");
        await host.UntilAsync($"{prefix}-2", "Running");

        Assert.Equal([$"{prefix}-1", $"{prefix}-2"], await ListAsync($"?instanceIdPrefix={prefix}&runtimeStatus=Running"));
        Assert.Equal(3, (await ListAsync($"?instanceIdPrefix={prefix}")).Length);
        foreach (var number in new[] { 1, 2 })
            Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"/{prefix}-{number}/terminate?reason=enough")).StatusCode);
        await host.UntilAsync($"{prefix}-1", "Terminated");
    }

    [Fact]
    public async Task Commands_are_404_for_nobody_and_410_for_what_is_over()
    {
        var id = await host.StartAsync("FanOut", 1);
        await host.UntilAsync(id, "Completed");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/nobody/terminate")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/nobody/raiseEvent/x", "1")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync($"/{id}/terminate")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync($"/{id}/raiseEvent/x", "1")).StatusCode);
    }

    [Fact]
    public async Task Events_are_raised_and_instances_purged()
    {
        var id = await host.StartAsync("LateListener");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"/{id}/raiseEvent/early", "\"x\"")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"/{id}/raiseEvent/early", "\"y\"")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"/{id}/raiseEvent/go", "\"\"")).StatusCode);
        Assert.Equal("xy", (await host.UntilAsync(id, "Completed")).GetProperty("output").GetString());

        var purged = await host.SendAsync(HttpMethod.Delete, $"{Instances}/{id}", host.MasterKey);
        Assert.Equal(1, (await purged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("instancesDeleted").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Delete, $"{Instances}/{id}", host.MasterKey)).StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => host.SendAsync(HttpMethod.Get, Instances + path, host.MasterKey);

    private Task<HttpResponseMessage> PostAsync(string path, string? json = null) =>
        host.SendAsync(HttpMethod.Post, Instances + path, host.MasterKey, json is null ? null : JsonSerializer.Deserialize<JsonElement>(json));

    private async Task<string[]> ListAsync(string query)
    {
        var list = await (await GetAsync(query)).Content.ReadFromJsonAsync<JsonElement>();
        return [.. list.EnumerateArray().Select(i => i.GetProperty("instanceId").GetString()!).Order(StringComparer.Ordinal)];
    }
}
