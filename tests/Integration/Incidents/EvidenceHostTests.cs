using System.Net;
using System.Security.Cryptography;
using WhatsOps.Cli;
using WhatsOps.Tests.Integration.Hosts;

namespace WhatsOps.Tests.Integration.Incidents;

/// <summary>Evidence by the command, from the real host.</summary>
public sealed class EvidenceHostTests
{
    [Fact]
    [Capability("R-243")]
    public async Task The_command_collects_it_and_saves_what_the_manifest_says_and_routes_beside_it_stay()
    {
        await using var host = await FleetHost.StartAsync(
            "shop", url => new { systems = new[] { new { name = "shop", kind = "bot", watch = new { http = new[] { new { name = "live", url = $"{url}/api/health/live" } } } } } }, new Dictionary<string, string>());
        var file = Path.Combine(Path.GetTempPath(), $"evidence-{Guid.NewGuid():N}.tar.gz");
        try
        {
            Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["watch", "evidence", "shop", "--since", "7d", "--reason", "drill", "--out", file, "--url", host.Url, "--key", host.Key]));
            var (_, tasks) = await host.SendAsync(HttpMethod.Get, "api/tasks?system=shop");
            var task = Assert.Single(tasks!.AsArray(), one => one!["row"]!.GetValue<string>() == "R-245")!;
            var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)));
            Assert.Contains($"SHA-256 {hash}: drill", task["evidence"]![0]!["text"]!.GetValue<string>(), StringComparison.Ordinal);

            File.Delete(file);
            Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["watch", "evidence", "shop", "--get", task["period"]!.GetValue<string>(), "--out", file, "--url", host.Url, "--key", host.Key]));
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))));
            Assert.Equal(ExitCode.Ok, await CommandLine.RunAsync(["watch", "show", "shop", "http/live", "--url", host.Url, "--key", host.Key]));
            using var stranger = new HttpClient();
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync($"{host.Url}/api/watch/shop/evidence", null)).StatusCode);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
