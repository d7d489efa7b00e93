using WhatsOps.Cli.Local;
using WhatsOps.Tests.Shared;
using Repository = WhatsOps.Tests.Shared.Repository;

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
        var settings = new Dictionary<string, string>
        {
            ["OperationsDatabase"] = database.ConnectionString, ["EmbeddedHost__Urls"] = "http://127.0.0.1:0", ["FleetFile"] = file is null ? "" : path,
            ["EmbeddedHost__MasterKey"] = "master-key-of-the-tests", ["EmbeddedHost__FunctionKey"] = "function-key-of-the-tests",
        };
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        using var host = ChildProcess.Start("dotnet", [Path.Combine(Repository.Root, "functions", "bin", configuration, "net10.0", "WhatsOps.Functions.dll")], settings);

        var output = host.StandardOutput.ReadToEndAsync();
        var errors = await host.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await host.WaitForExitAsync();

        Assert.Equal(1, host.ExitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Contains("Fix: ", errors, StringComparison.Ordinal);
        await output;
        File.Delete(path);
    }
}
