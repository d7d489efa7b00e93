using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Fleet;

public sealed class FleetInForceTests : IAsyncLifetime
{
    private const string AnasKey = "anas-key";
    private FleetFixture _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await FleetFixture.CreateAsync(new() { ["SOME_KEY"] = "value", ["EMPTY"] = "" });

    public async ValueTask DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task Nothing_is_in_force_before_the_first_apply_and_the_newest_after()
    {
        Assert.Null(await _fleet.Get<IFleet>().CurrentAsync(CancellationToken.None));
        await _fleet.ApplyAsync(Document("one"));
        await _fleet.ApplyAsync(Document("two"));
        _fleet.Time.Advance(TimeSpan.FromSeconds(10));

        var current = (await _fleet.Get<IFleet>().CurrentAsync(CancellationToken.None))!;

        Assert.NotNull(current.System("two"));
        Assert.Equal(("ana", _fleet.Time.GetUtcNow() - TimeSpan.FromSeconds(10)), (current.AppliedBy, current.AppliedAt));
    }

    [Fact]
    public async Task Another_process_sees_a_new_version_within_ten_seconds()
    {
        await _fleet.ApplyAsync(Document("one"));
        await using var other = _fleet.OtherProcess();
        var fleet = other.GetRequiredService<IFleet>();
        Assert.NotNull((await fleet.CurrentAsync(CancellationToken.None))!.System("one"));
        await _fleet.ApplyAsync(Document("two"));

        Assert.NotNull((await fleet.CurrentAsync(CancellationToken.None))!.System("one"));
        _fleet.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await fleet.CurrentAsync(CancellationToken.None))!.System("two"));
    }

    [Fact]
    public async Task References_resolve_inside_texts_and_a_missing_or_empty_one_is_named()
    {
        var fleet = _fleet.Get<IFleet>();
        await Task.CompletedTask;

        Assert.Equal("plain", fleet.Resolve("plain"));
        Assert.Equal("Password=value;x", fleet.Resolve("Password=${env:SOME_KEY};x"));
        Assert.Contains("${env:NOWHERE}", Assert.Throws<MissingSecretException>(() => fleet.Resolve("${env:NOWHERE}")).Message, StringComparison.Ordinal);
        Assert.Throws<MissingSecretException>(() => fleet.Resolve("${env:EMPTY}"));
    }

    [Theory]
    [InlineData("x-whatsops-key", AnasKey, OperatorRole.Operator, 0)]
    [InlineData("Authorization", "Bearer " + AnasKey, OperatorRole.Viewer, 0)]
    [InlineData("x-whatsops-key", AnasKey, OperatorRole.Approver, 403)]
    [InlineData("x-whatsops-key", "anas-ke", OperatorRole.Viewer, 401)]
    [InlineData("Authorization", "Basic " + AnasKey, OperatorRole.Viewer, 401)]
    [InlineData("x-other", AnasKey, OperatorRole.Viewer, 401)]
    public async Task Operators_prove_themselves_by_key_and_role(string header, string value, OperatorRole role, int denied)
    {
        await _fleet.ApplyAsync(Document("one"));
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;

        if (denied == 0)
            Assert.Equal("ana", (await _fleet.Get<IOperators>().RequireAsync(request, role, CancellationToken.None)).Name);
        else
            Assert.Equal(denied, (await Assert.ThrowsAsync<AccessDeniedException>(() => _fleet.Get<IOperators>().RequireAsync(request, role, CancellationToken.None).AsTask())).Status);
    }

    [Fact]
    public async Task A_pause_reaches_every_process_within_five_seconds_and_says_who_and_why()
    {
        await using var other = _fleet.OtherProcess();
        var pauses = other.GetRequiredService<IPauses>();
        Assert.False(await pauses.IsPausedAsync("revalya", CancellationToken.None));
        await _fleet.Get<IPauses>().PauseAsync("revalya", "ana", "storm", CancellationToken.None);
        _fleet.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(await pauses.IsPausedAsync("revalya", CancellationToken.None));
        Assert.False(await pauses.IsPausedAsync("other", CancellationToken.None));
        await pauses.PauseAsync(null, "rui", null, CancellationToken.None);
        Assert.True(await pauses.IsPausedAsync("other", CancellationToken.None));
        Assert.Equal([("*", "rui", null), ("revalya", "ana", "storm")], (await pauses.ListAsync(CancellationToken.None)).Select(pause => (pause.System, pause.By, pause.Reason)));
        await pauses.ResumeAsync(null, "rui", CancellationToken.None);
        Assert.False(await pauses.IsPausedAsync("other", CancellationToken.None));
    }

    [Fact]
    public async Task The_audit_trail_cannot_be_rewritten()
    {
        await _fleet.Get<IAuditTrail>().RecordAsync("ana", "fleet.apply", "revalya", null, "version 1", CancellationToken.None);

        foreach (var sql in new[] { "UPDATE whatsops.audit_trail SET by = 'x'", "DELETE FROM whatsops.audit_trail", "TRUNCATE whatsops.audit_trail" })
        {
            await using var command = _fleet.Database.DataSource.CreateCommand(sql);
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        }
    }

    private static FleetDocument Document(string system) => new()
    {
        Systems = [new FleetSystem { Name = system, Kind = "evolution" }],
        Operators =
        [
            new Operator
            {
                Name = "ana", Role = OperatorRole.Operator,
                KeyHash = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(AnasKey))),
            },
        ],
    };
}
