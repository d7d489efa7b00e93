using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WhatsOps.Conformance;

public sealed class AdminConformance(HostUnderTest host)
{
    [Theory]
    [InlineData("admin/functions")]
    [InlineData("admin/host/status")]
    [InlineData("admin/functions/Tick")]
    public async Task Management_needs_the_master_key(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Get, path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Get, path, host.FunctionKey)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, path, host.MasterKey)).StatusCode);
    }

    [Fact]
    public async Task All_functions_are_listed_with_their_triggers()
    {
        var list = await (await host.SendAsync(HttpMethod.Get, "admin/functions", host.MasterKey)).Content.ReadFromJsonAsync<JsonElement>();
        var triggers = list.EnumerateArray().ToDictionary(
            f => f.GetProperty("name").GetString()!,
            f => f.GetProperty("config").GetProperty("bindings").EnumerateArray().Select(b => b.GetProperty("type").GetString()!)
                .First(type => type.EndsWith("Trigger", StringComparison.Ordinal)));
        Assert.Equal("httpTrigger", triggers["Open"]);
        Assert.Equal("timerTrigger", triggers["Tick"]);
        Assert.Equal("orchestrationTrigger", triggers["Chain"]);
        Assert.Equal("activityTrigger", triggers["Append"]);
    }

    [Fact]
    public async Task A_timer_runs_now_on_request_through_the_middleware()
    {
        var (ticks, invocations) = (await host.CountAsync("tick"), await host.CountAsync("invoked:Tick"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Post, "admin/functions/Tick", host.FunctionKey, new { input = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Post, "admin/functions/Nobody", host.MasterKey, new { input = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.SendAsync(HttpMethod.Post, "admin/functions/Tick", host.MasterKey, new { input = "" })).StatusCode);
        await HostUnderTest.EventuallyAsync(async () => await host.CountAsync("tick") == ticks + 1);
        Assert.Equal(invocations + 1, await host.CountAsync("invoked:Tick"));
    }
}
