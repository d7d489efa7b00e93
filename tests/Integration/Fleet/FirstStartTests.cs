using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

/// <summary>The real process at its first start: a host that watches nothing must not look healthy.</summary>
public sealed class FirstStartTests
{
    [Theory]
    [InlineData(null, "setting FleetFile is empty")]
    [InlineData("{ \"systems\": [ { \"name\": \"a\", \"kind\": \"evolution\" } ], \"operators\": [] }", "$.systems[0].gateways: names no gateway")]
    public async Task Without_a_usable_fleet_the_process_ends_and_says_why(string? file, string expected)
    {
        await using var database = await Databases.OperationsAsync();
        var path = Path.Combine(Path.GetTempPath(), $"whatsops-fleet-{Guid.NewGuid():N}.json");
        if (file is not null) await File.WriteAllTextAsync(path, file);
        using var host = HostProcess.Start(new Dictionary<string, string> { ["OperationsDatabase"] = database.ConnectionString, ["FleetFile"] = file is null ? "" : path });

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(expected, host.Errors, StringComparison.Ordinal);
        Assert.Contains("Fix: ", host.Errors, StringComparison.Ordinal);
        File.Delete(path);
    }
}
