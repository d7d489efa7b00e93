using System.Text.Json.Nodes;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.OpenApi;

/// <summary>What a real host answers is what its OpenAPI document says.</summary>
public sealed class OpenApiAnswersTests
{
    private readonly List<string> _problems = [];
    private HostRig _rig = null!;
    private HostProcess _host = null!;
    private OpenApiAnswers _answers = null!;

    [Fact]
    public async Task Every_answer_has_the_members_and_types_of_the_document()
    {
        await using var operations = await Databases.OperationsAsync();
        await using var rig = _rig = await HostRig.CreateAsync(operations.ConnectionString);
        await rig.SeedAsync("padaria");
        await rig.SeedAsync("acougue", "close");
        _host = await rig.StartHostAsync();
        _answers = new((await rig.SendAsync(_host, null, HttpMethod.Get, "api/openapi.json")).Body!);

        await AskAsync(HttpMethod.Post, "api/sweeps");
        await AskAsync(HttpMethod.Post, "api/doctor");
        await AskAsync(HttpMethod.Post, "api/diagnose", new { system = HostRig.System, tenant = "acougue" });
        await AskAsync(HttpMethod.Post, "api/pause", new { system = HostRig.System, reason = "a test" });
        await AskAsync(HttpMethod.Post, "api/resume", new { system = HostRig.System });
        await AskAsync(HttpMethod.Post, "api/fleet/validate", rig.Fleet);
        await AskAsync(HttpMethod.Put, "api/fleet", rig.Fleet);
        await AskAsync(HttpMethod.Post, "api/tenants/revalya/padaria/webhook-secret/rotate");
        await AskAsync(HttpMethod.Post, "api/privacy/erase", new { phone = "5511987650001", dryRun = true });
        var findings = await AskAsync(HttpMethod.Get, "api/findings");
        var finding = findings!.AsArray().First(item => item!["tenant"]?.GetValue<string>() == "acougue")!["id"]!.GetValue<long>();
        await AskAsync(HttpMethod.Post, $"api/findings/{finding}/silence", new { minutes = 60, reason = "a test" });
        await AskAsync(HttpMethod.Post, "api/tasks/emergency", new { system = HostRig.System, finding });
        var ask = new { system = HostRig.System, tenant = "acougue", reason = "a test" };
        await AskAsync(HttpMethod.Post, "api/runbooks/reset-integration?dryRun=true", ask);
        var run = await AskAsync(HttpMethod.Post, "api/runbooks/reset-integration", ask);
        foreach (var path in (string[])
        [
            $"findings/{finding}", $"runbooks/{run!["id"]}", $"runbooks/{run["id"]}/plan", "runbooks", "runbooks/catalogue", "tasks", "systems", "sweeps/latest", "fleet", "fleet/versions", "pause", "events", "deliveries",
            "watch", "routines", "routines/runs", "reports", "backups", "tenants/revalya/acougue/timeline", "reports/usage?system=revalya", "health/live", "health/ready",
        ])
            await AskAsync(HttpMethod.Get, $"api/{path}");

        Assert.True(_problems.Count == 0, string.Join('\n', _problems.Take(20)));
    }

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await _rig.SendAsync(_host, _rig.Bia, method, path, body);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {answer}");
        _problems.AddRange(_answers.Check(method, path, status, answer));
        return answer;
    }
}
