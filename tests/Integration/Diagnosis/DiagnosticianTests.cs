using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Audits;

namespace WhatsOps.Tests.Integration.Diagnosis;

public sealed class DiagnosticianTests
{
    [Fact]
    [Capability("R-136")]
    public async Task One_set_of_looks_answers_all_trees_and_changes_nothing()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        await CallsAsync(world, world.Time.GetUtcNow(), 10, "state", "seen", 200, 100);

        var report = await DiagnoseAsync(world, "acme");

        Assert.Equal(["connected", "steady", "isolated", "normal", "sends", "not_watched", "not_watched"], report.Diagnoses.Select(result => result.Conclusion));
        Assert.Equal(report.CallsMade, world.Gateways[0].Calls.Count);
        Assert.DoesNotContain(world.Gateways[0].Calls, call => call.Acted);
        Assert.Equal(("gw0", "revalya-acme", 4), (report.Gateway, report.Instance, report.CallsMade));
    }

    [Fact]
    [Capability("R-053")]
    public async Task What_is_wrong_is_told_by_the_gateway_the_product_and_the_key()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("good");
        await world.AddAsync("gone", withInstance: false);
        await world.AddAsync("out", instance: new InstanceSeed { Name = "revalya-out", State = "close", DisconnectionReasonCode = 401 });
        await world.AddAsync("rowless");
        await world.ExecuteAsync(world.Product, "DELETE FROM tenant_integrations WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'rowless')");
        foreach (var (slug, leaf) in ((string, string)[])[("good", "connected"), ("gone", "instance_not_found"), ("out", "logged_out"), ("rowless", "config_missing"), ("nobody", "tenant_unknown")])
            Assert.Equal(leaf, await ConnectionAsync(world, slug));

        world.Gateways[0].ApiKey = "somebody-changed-it";
        Assert.Equal("invalid_api_key", await ConnectionAsync(world, "gone"));
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Reset });
        Assert.Equal("api_unreachable", await ConnectionAsync(world, "gone"));
        world.Settings.Remove("${env:KEY}");
        Assert.Equal("api_key_missing", await ConnectionAsync(world, "gone"));
    }

    [Fact]
    [Capability("R-054")]
    public async Task An_instance_that_connects_and_shows_no_code_is_told_from_one_that_waits_for_its_scan()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme", instance: new InstanceSeed { Name = "revalya-acme", State = "close", Paired = false });
        world.Gateways[0].SetWhatsAppReachable(WhatsAppReachability.Silent);
        await world.Get<IGateways>().Open(world.Fleet, world.Fleet.Gateways[0]).ConnectAsync("revalya-acme", default);
        await world.Get<IInstanceStates>().RecordAsync(
            [new(AuditWorld.System, "acme", "gw0", "revalya-acme", InstanceState.Connecting, world.Time.GetUtcNow(), "direct", null)], default);
        Assert.Equal("still_connecting", await ConnectionAsync(world, "acme"));
        world.Time.Advance(TimeSpan.FromMinutes(2.1));
        Assert.Equal("qr_absent", await ConnectionAsync(world, "acme"));
        Assert.Equal(3, world.Gateways[0].Calls.Count(call => call.Path.StartsWith("/instance/connect/", StringComparison.Ordinal)));
    }

    [Fact]
    [Capability("R-071")]
    [Capability("R-072")]
    [Capability("R-075")]
    [Capability("R-419")]
    public async Task Numbers_come_from_the_log_of_calls_of_one_gateway_within_a_day()
    {
        await using var world = await AuditWorld.StartAsync();
        var now = world.Time.GetUtcNow();
        await CallsAsync(world, now, 18, "state", "seen", 200, 100);
        await CallsAsync(world, now, 1, "list", "unreachable", null, 30_000);
        await CallsAsync(world, now, 1, "state", "unreachable", null, 20);
        await CallsAsync(world, now, 1, "logout", "failed", 400, 20);
        await CallsAsync(world, now, 1, "state", "unreachable", 500, 20);
        await CallsAsync(world, now, 2, "state", "unauthorized", 401, 20);
        await CallsAsync(world, now, 5, "isolation_test", "unauthorized", 401, 20);
        await CallsAsync(world, now.AddHours(-24.1), 500, "state", "unreachable", null, 20);
        await CallsAsync(world, now, 500, "state", "unreachable", null, 20, gateway: "other");

        var numbers = await new PerformanceReader(world.Operations.DataSource).ReadAsync(AuditWorld.System, "gw0", now.AddHours(-24), default);

        Assert.Equal((24, 18, 1), (numbers.Calls, numbers.Succeeded, numbers.TimedOut));
        Assert.Equal(75, numbers.SuccessPercent);
        Assert.Equal((18 * 100 + 30_000 + 20 * 5) / 24.0, numbers.AverageMs!.Value, 3);
        Assert.Equal([("unauthorized", 2), ("http_5xx", 1), ("no_connection", 1), ("refused", 1), ("timeout", 1)], numbers.Errors);
        Assert.Null((await new PerformanceReader(world.Operations.DataSource).ReadAsync(AuditWorld.System, "none", now, default)).SuccessPercent);
    }

    [Fact]
    public async Task Names_that_are_none_are_refused_with_the_fix()
    {
        await using var world = await AuditWorld.StartAsync();
        var symptom = await Assert.ThrowsAsync<ProblemException>(() => DiagnoseAsync(world, "acme", "slow"));
        Assert.Equal((400, "$.symptom"), (symptom.Status, symptom.Field));
        Assert.Contains("performance", symptom.Fix, StringComparison.Ordinal);
        Assert.Equal(404, (await Assert.ThrowsAsync<ProblemException>(() => world.Get<Diagnostician>().DiagnoseAsync("other", "acme", null, default))).Status);
        world.Fleet = world.Fleet with { TenantDirectory = null };
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => DiagnoseAsync(world, "acme"))).Status);
    }

    [Fact]
    public async Task Over_http_a_viewer_may_ask_and_a_body_without_a_place_is_refused_with_its_path()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        var operators = new Mock<IOperators>();
        var functions = new DiagnosisFunctions(world.Services, operators.Object);

        var answer = Assert.IsType<OkObjectResult>(await functions.DiagnoseAsync(Request("""{"system":"revalya","tenant":"acme","symptom":"isolation"}"""), default));

        Assert.Equal("isolated", Assert.Single(Assert.IsType<DiagnosisReport>(answer.Value).Diagnoses).Conclusion);
        operators.Verify(o => o.RequireAsync(It.IsAny<HttpRequest>(), OperatorRole.Viewer, It.IsAny<CancellationToken>()));
        Assert.Equal("$.tenant", (await Assert.ThrowsAsync<ProblemException>(() => functions.DiagnoseAsync(Request("""{"system":"revalya"}"""), default))).Field);
    }

    private static HttpRequest Request(string body)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.ContentType, request.Body) = ("POST", "application/json", new MemoryStream(Encoding.UTF8.GetBytes(body)));
        return request;
    }

    private static Task<DiagnosisReport> DiagnoseAsync(AuditWorld world, string slug, string? symptom = null) =>
        world.Get<Diagnostician>().DiagnoseAsync(AuditWorld.System, slug, symptom, CancellationToken.None);

    private static async Task<string> ConnectionAsync(AuditWorld world, string slug) => Assert.Single((await DiagnoseAsync(world, slug, "connection")).Diagnoses).Conclusion;

    private static async Task CallsAsync(AuditWorld world, DateTimeOffset at, int count, string operation, string outcome, int? status, int milliseconds, string gateway = "gw0")
    {
        await using var command = world.Operations.DataSource.CreateCommand(
            "INSERT INTO whatsops.gateway_calls (at, system, gateway, operation, outcome, status, duration_ms) SELECT $1, 'revalya', $2, $3, $4, $5, $6 FROM generate_series(1, $7)");
        foreach (var value in (object[])[at.UtcDateTime, gateway, operation, outcome]) command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = (object?)status ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        foreach (var value in (int[])[milliseconds, count]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
