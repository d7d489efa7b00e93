using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Whatever is looked at over HTTP, at a server that refuses, says nothing, or is another one than it should be.</summary>
public sealed class SourceStateTests
{
    [Theory]
    [Source("http", SourceState.Slow, "target_unreachable")]
    [Source("containers", SourceState.Slow, "target_unreachable")]
    [Source("logs", SourceState.Slow, "target_unreachable")]
    [Source("files", SourceState.Slow, "target_unreachable")]
    [Source("engines", SourceState.Slow, "target_unreachable")]
    [Source("prometheus", SourceState.Slow, "target_unreachable")]
    [Source("guards", SourceState.Slow, "target_unreachable")]
    [Source("containers", SourceState.Unauthorized, "target_unauthorized")]
    [Source("logs", SourceState.Unauthorized, "target_unauthorized")]
    [Source("files", SourceState.Unauthorized, "target_unauthorized")]
    [Source("engines", SourceState.Unauthorized, "target_unauthorized")]
    [Source("prometheus", SourceState.Unauthorized, "target_unauthorized")]
    [Source("containers", SourceState.Lying, "target_unreachable")]
    [Source("logs", SourceState.Lying, "target_unreachable")]
    [Source("files", SourceState.Lying, "target_unreachable")]
    [Source("engines", SourceState.Lying, "target_unreachable")]
    [Source("prometheus", SourceState.Lying, "target_unreachable")]
    [InlineData(SourceState.Slow, TroubleKinds.Unreachable, "guard/a", "http/a")]
    [InlineData(SourceState.Unauthorized, TroubleKinds.Unauthorized, "http/a")]
    [InlineData(SourceState.Lying, TroubleKinds.Unreachable, "http/a")]
    public async Task A_server_that_hangs_refuses_or_is_another_one_is_told_of_every_family(SourceState state, string kind, params string[] more)
    {
        await using var server = await ScriptedGateway.StartAsync(context =>
        {
            if (state == SourceState.Slow) return Task.Delay(-1, context.RequestAborted);
            (context.Response.StatusCode, context.Response.ContentType) = state == SourceState.Unauthorized ? (403, "application/json") : (200, "text/html");
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(state == SourceState.Unauthorized ? "{\"message\":\"no\"}" : "<html>Welcome to nginx!</html>");
        });
        var container = new ContainerReference { Container = "app", Engine = server.Url };
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "a", Url = server.Url, Shape = HttpShape.BotHealth }],
            Containers = [new() { Name = "a", Container = container }],
            Logs = [new() { Name = "a", Container = container, Path = "/a.log" }],
            LogFolders = [new() { Name = "a", Container = container, Path = "/logs" }],
            Files = [new() { Name = "a", Container = container, Path = "/a.env" }],
            Engines = [new() { Name = "a", Engine = server.Url }],
            Prometheus = [new() { Name = "a", Url = server.Url }],
            Guards = state == SourceState.Slow ? [new() { Name = "a", Url = server.Url, EverySeconds = 3600 }] : [],
        });
        for (var look = 0; look < 2; look++)
        {
            world.Time.Advance(TimeSpan.FromDays(1));
            // Only who never answers costs time that a busy machine would take from those who do.
            if (state == SourceState.Slow) await world.TickPastPatienceAsync();
            else await world.TickAsync();
        }

        Assert.Equal(
            ((string[])["container/a", "engine/a", "file/a", "log-folder/a", "log/a", "prometheus/a", .. more]).Select(target => $"{kind} {target}").Order(StringComparer.Ordinal),
            await world.OpenAsync());
    }
}
