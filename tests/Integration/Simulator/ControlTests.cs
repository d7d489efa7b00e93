using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>The call log, the control routes, and the simulator as a process of its own.</summary>
public sealed class ControlTests
{
    private const string Key = "planted-global-key";

    [Fact]
    public async Task Calls_are_logged_exactly_and_without_keys()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { ApiKey = Key, TimeScale = 100, Instances = [new() { Name = "a/b" }] });
        using var client = new GatewayClient(gateway);
        using var keyless = new HttpClient();

        await client.Get("/instance/connectionState/a%2Fb");
        await client.Delete("/instance/logout/a%2Fb");
        await client.Get("/instance/fetchInstances?instanceName=A%2FB");
        await keyless.GetAsync(gateway.Url + "/instance/fetchInstances");

        var calls = gateway.Calls.ToList();
        Assert.Equal(
            ["/instance/connectionState/a%2Fb", "/instance/logout/a%2Fb", "/instance/fetchInstances?instanceName=A%2FB", "/instance/fetchInstances"],
            calls.Select(call => call.Path));
        Assert.Equal(["a/b", "a/b", "A/B", null], calls.Select(call => call.Instance));
        Assert.Equal([200, 200, 404, 401], calls.Select(call => call.Status));
        Assert.Equal([false, true, false, false], calls.Select(call => call.Acted));
        Assert.Equal(8, calls[0].Key!.Length);
        Assert.Null(calls[3].Key);
        Assert.DoesNotContain(Key, await keyless.GetStringAsync(gateway.Url + "/__sim/calls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_can_be_controlled_over_http()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 100 });
        using var client = new GatewayClient(gateway);
        async Task Control(string path, object? body = null)
        {
            var (status, answer) = await client.Post("/__sim/" + path, body);
            Assert.True(status is 200 or 201, answer.GetRawText());
        }

        await Control("seed", new[] { new { name = "a", state = "open" }, new { name = "b", state = "close" } });
        await Control("lie?instance=b&status=open");
        await Control("zombie?instance=a");
        await Control("faults", new { kind = "Status", status = 502, instance = "b", count = 1 });
        Assert.Equal(502, (await client.Get("/instance/connectionState/b")).Status);
        await client.Get("/instance/connect/b");
        await Until.True(() => gateway.Find("b")!.ShowsQr);
        await Control("scan?instance=b");
        await Control("drop?instance=b");
        await Until.True(() => gateway.Find("b")!.State == "open");
        await Control("kick?instance=b&code=403");
        Assert.Equal("close", gateway.Find("b")!.State);
        await Control("loaded?instance=b&on=false");
        Assert.False(gateway.Find("b")!.Loaded);
        await Control("whatsapp?reachability=silent");
        await Control("whatsapp?reachability=normal");
        await Control("traffic?perInstancePerSecond=1");
        await Control("traffic?perInstancePerSecond=0");
        await Control("restart");
        await Control("key", new { apiKey = "next" });
        Assert.Equal("next", gateway.ApiKey);
        Assert.Equal(200, (await client.Delete("/__sim/faults")).Status);
        Assert.Equal(400, (await client.Post("/__sim/scan?instance=nobody")).Status);
        Assert.Equal(400, (await client.Post("/__sim/faults", new { kind = "Reset", instanse = "b" })).Status);
        Assert.Equal(2, (await client.Get("/__sim/status")).Body.GetProperty("instances").GetInt32());
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", 1)]
    [InlineData("http://192.0.2.1:0", 1)]
    [InlineData("http://127.0.0.1:0", 0)]
    public async Task Only_loopback_addresses_and_positive_time_are_accepted(string url, double timeScale) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => EvolutionSimulator.StartAsync(new() { Url = url, TimeScale = timeScale }));

    [Fact]
    public async Task As_a_process_it_serves_a_seed_file_and_its_call_log_outlives_a_kill()
    {
        var folder = Directory.CreateTempSubdirectory("simulator");
        var seed = Path.Combine(folder.FullName, "seed.json");
        var log = Path.Combine(folder.FullName, "calls.jsonl");
        await File.WriteAllTextAsync(seed, JsonSerializer.Serialize(
            new SimulatorOptions { ApiKey = Key, Instances = [new() { Name = "revalya-acme", State = "close" }] }, JsonSerializerOptions.Web));
        var program = Path.Combine(AppContext.BaseDirectory, "WhatsOps.Simulator.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", "--seed-file", seed, "--call-log", log])
        {
            RedirectStandardOutput = true
        };
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync() ?? "";
            using var http = new HttpClient { BaseAddress = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]) };
            http.DefaultRequestHeaders.Add("apikey", Key);

            var rows = await http.GetFromJsonAsync<JsonElement>("/instance/fetchInstances");

            Assert.Equal("revalya-acme", rows[0].GetProperty("name").GetString());
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        Assert.Contains("\"path\":\"/instance/fetchInstances\"", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
