using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

public sealed class FleetVersionsTests : IAsyncLifetime
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(Repository.Root, "fleet.sample.json"));
    private FleetFixture _fleet = null!;

    private IFleetVersions Versions => _fleet.Get<IFleetVersions>();

    public async ValueTask InitializeAsync() => _fleet = await FleetFixture.CreateAsync(new() { ["EVOLUTION_API_KEY"] = "planted-gateway-key" });

    public async ValueTask DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task An_applied_file_is_in_force_at_once_with_who_when_and_what_changed()
    {
        Assert.Null(await _fleet.Get<IFleet>().CurrentAsync(default));

        var first = await Versions.ApplyAsync(Sample, "ana", onlyFirst: false, default);
        var second = await Versions.ApplyAsync(Sample.Replace("\"actionsPerHour\": 6", "\"actionsPerHour\": 5", StringComparison.Ordinal), "rui", onlyFirst: false, default);

        Assert.Equal(5, (await _fleet.Get<IFleet>().CurrentAsync(default))!.Document.Systems[0].ActionsPerHour);
        var history = await Versions.ListAsync(10, default);
        Assert.Equal([(second.Version, "rui", "changed $.systems[revalya].actionsPerHour"), (first.Version, "ana", history[1].Changes)],
            history.Select(version => ((long?)version.Version, version.AppliedBy, version.Changes)));
        Assert.StartsWith("first version", history[1].Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_without_a_value_are_warned_of()
    {
        var applied = await Versions.ApplyAsync(Sample, "ana", onlyFirst: false, default);

        string[] unset = ["ALERT_WEBHOOK_SECRET", "ALERT_WEBHOOK_URL", "DELIVERY_SECRET", "HEARTBEAT_URL", "REVALYA_DATABASE", "SLACK_WEBHOOK_URL", "SMTP_PASSWORD", "SMTP_USER"];
        Assert.Equal(unset.Select(name => $"${{env:{name}}}"), applied.Warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Applying_the_same_file_again_makes_no_version()
    {
        var first = await Versions.ApplyAsync(Sample, "ana", onlyFirst: false, default);
        var again = await Versions.ApplyAsync("// same\n" + Sample, "ana", onlyFirst: false, default);

        Assert.Equal((first.Version, ""), (again.Version, again.Changes));
        Assert.Single(await Versions.ListAsync(10, default));
    }

    [Fact]
    public async Task A_bad_file_leaves_the_last_good_one_in_force_and_stands_refused_until_a_good_one_follows()
    {
        await Versions.ApplyAsync(Sample, "ana", onlyFirst: false, default);
        var bad = await Versions.ApplyAsync(Sample.Replace("${env:EVOLUTION_API_KEY}", "planted-gateway-key", StringComparison.Ordinal), "rui", onlyFirst: false, default);

        Assert.Null(bad.Version);
        Assert.NotNull((await _fleet.Get<IFleet>().CurrentAsync(default))!.System("revalya"));
        var refusal = await _fleet.Get<IFleetRejections>().StandingAsync(default);
        Assert.Equal(("rui", "$.systems[0].gateways[0].apiKey"), (refusal!.By, Assert.Single(refusal.Problems).Path));
        await Versions.ApplyAsync(Sample, "rui", onlyFirst: false, default);
        Assert.Null(await _fleet.Get<IFleetRejections>().StandingAsync(default));
    }

    [Fact]
    public async Task Many_processes_that_start_at_once_apply_the_first_file_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Versions.ApplyAsync(Sample, "FleetFile", onlyFirst: true, default)));

        Assert.Single(await Versions.ListAsync(10, default));
    }

    [Theory]
    [InlineData(null, "setting FleetFile is empty")]
    [InlineData("/nowhere/fleet.json", "does not exist")]
    [InlineData("{ \"systems\": [], \"oprators\": [] }", "has 3 problems")]
    public async Task A_first_start_without_a_usable_file_says_why_and_what_to_do(string? file, string expected)
    {
        var path = file;
        if (file?.StartsWith('{') == true) await File.WriteAllTextAsync(path = Path.Combine(Path.GetTempPath(), $"whatsops-fleet-{Guid.NewGuid():N}.json"), file);

        var problem = await First(path).ProblemAsync(default);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Empty(await Versions.ListAsync(10, default));
        if (path != file) File.Delete(path!);
    }

    [Fact]
    public async Task A_first_start_applies_the_file_and_a_later_one_leaves_the_database_alone()
    {
        Assert.Null(await First(Path.Combine(Repository.Root, "fleet.sample.json")).ProblemAsync(default));
        Assert.Null(await First("/nowhere").ProblemAsync(default));

        Assert.Equal("FleetFile", Assert.Single(await Versions.ListAsync(10, default)).AppliedBy);
    }

    [Fact]
    public async Task Planted_secrets_are_in_no_table_of_the_fleet()
    {
        await Versions.ApplyAsync(Sample, "ana", onlyFirst: false, default);
        await Versions.ApplyAsync(Sample.Replace("${env:EVOLUTION_API_KEY}", "planted-inline-key", StringComparison.Ordinal)
            .Replace("${env:REVALYA_DATABASE}", "Host=x;Password=planted-password", StringComparison.Ordinal)
            .Replace("${env:SLACK_WEBHOOK_URL}", "https://hooks.slack.com/planted-hook", StringComparison.Ordinal), "ana", onlyFirst: false, default);
        await _fleet.Get<ITenantSecrets>().ImportAsync("revalya", "acme", "planted-tenant-secret", default);

        foreach (var table in new[] { "fleet_versions", "fleet_rejections", "audit_trail", "tenant_secrets", "pauses" })
        {
            await using var command = _fleet.Database.DataSource.CreateCommand($"SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM whatsops.{table} t");
            var text = (string)(await command.ExecuteScalarAsync())!;
            Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes("planted")), text, StringComparison.Ordinal);
        }
    }

    private FirstFleet First(string? path) => new(
        null!, Versions, new ConfigurationBuilder().AddInMemoryCollection([new("FleetFile", path)]).Build(), null!, TimeProvider.System, NullLogger<FirstFleet>.Instance);
}
