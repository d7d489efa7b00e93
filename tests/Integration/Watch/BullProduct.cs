using System.Diagnostics;
using System.Globalization;
using WhatsOps.Cli.Local;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A product whose jobs go through Bull, the real package of npm; bull.js has its steps.</summary>
internal static class BullProduct
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Watch", "bull.js");

    public static async Task RunAsync(LocalRedis redis, string queue, string step) =>
        await ChildProcess.RunAsync("node", [Script, queue, step], TestContext.Current.CancellationToken, await EnvironmentAsync(redis));

    /// <summary>A worker that holds a job until it is killed.</summary>
    public static async Task<Process> TakeAsync(LocalRedis redis, string queue)
    {
        var worker = ChildProcess.Start("node", [Script, queue, "take"], await EnvironmentAsync(redis));
        Assert.Equal("taken", await worker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return worker;
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(LocalRedis redis) => new()
    {
        ["BULL"] = await TestServers.BullAsync(),
        ["REDIS_PORT"] = redis.Port.ToString(CultureInfo.InvariantCulture),
        ["REDIS_PASSWORD"] = redis.Password,
    };
}
