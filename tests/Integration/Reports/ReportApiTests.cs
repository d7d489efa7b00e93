using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Reports;

/// <summary>Reports as operators ask for them, from a real host.</summary>
public sealed class ReportApiTests
{
    [Fact]
    public async Task A_viewer_makes_lists_and_reads_reports_and_nobody_without_a_key_does()
    {
        await using var database = await Databases.OperationsAsync();
        await using var rig = await HostRig.CreateAsync(database.ConnectionString);
        var host = await rig.StartHostAsync();
        await Faults.Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, "api/reports")).Status == 200, 60, "the operators to be known");

        foreach (var (path, status) in ((string, int)[])
            [
                ("api/reports/weekly?system=revalya", 200), ("api/reports/weekly", 400), ("api/reports/weekly?system=none", 404), ("api/reports/yearly?system=revalya", 404),
                ("api/reports/usage?system=revalya&format=pdf", 400), ("api/reports/usage?system=revalya&days=0", 400), ("api/reports/monthly?system=revalya&format=html", 200),
                ("api/reports/performance?system=revalya&format=csv&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", 200),
                ("api/reports/revalya/weekly-report/2026-03-01T0800.html", 404), ("api/reports/revalya/weekly-report/..%2F..%2Fevidence.json", 404), ("api/reports?system=none", 404),
            ])
        {
            Assert.Equal((path, status), (path, (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, path)).Status));
            Assert.Equal((path, 401), (path, (await rig.SendAsync(host, null, HttpMethod.Get, path)).Status));
        }

        var (done, run) = await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/routines/weekly-report", new { system = "revalya" });
        Assert.True(done == 200 && run!["outcome"]!.GetValue<string>() == "done", run?.ToJsonString());
        var stored = (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, "api/reports?system=revalya")).Body!.AsArray().Single()!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/reports/revalya/weekly-report/{stored["at"]}.html");
        request.Headers.Add("x-whatsops-key", rig.Vera.Key);
        using var page = await host.Client.SendAsync(request);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<!doctype html>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
