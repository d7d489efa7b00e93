using WhatsOps.Runbooks;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The product's rows after a reset that could not put them back: the next one must not take what is left for what was there.</summary>
public sealed class ResetLostRowsTests : IAsyncLifetime
{
    private static readonly Fault NoCreate = new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/create" };
    private ResetRig _rig = null!;
    private string? _before;

    public async ValueTask InitializeAsync()
    {
        _rig = await ResetRig.CreateAsync(TimeSpan.FromMilliseconds(50), timeScale: 0.002, webhook: new() { BaseUrl = "http://127.0.0.1:9" });
        await _rig.SeedAsync("acme");
        _before = await _rig.RowsAsync("acme");
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_next_reset_that_fails_puts_the_original_rows_back()
    {
        await LoseRowsAsync();
        Assert.Null(await _rig.RowsAsync("acme"));

        var (run, final) = await FailAsync(NoCreate);

        Assert.Equal((RunState.Compensated, "create-instance"), (final, run.FailedStep));
        Assert.Equal(_before, await _rig.RowsAsync("acme"));
        Assert.Contains("rows that an earlier run could not bring back", await ExportedAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_does_a_later_one_when_those_between_failed_before_they_came_to_the_rows()
    {
        await LoseRowsAsync();
        Assert.Equal("check-target", (await FailAsync(new() { Kind = FaultKind.Status, Status = 401, Path = "/instance/fetchInstances" })).Run.FailedStep);
        Assert.Equal("logout", (await FailAsync(new() { Kind = FaultKind.Status, Status = 401, Path = "/instance/logout/*" })).Run.FailedStep);

        // Nor does a run of another kind that had nothing to do with them.
        await _rig.Runs.ExecuteAsync(
            """
            INSERT INTO whatsops.runs SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'state', 'completed', 'ended_at', now()))).*
            FROM whatsops.runs r ORDER BY ended_at DESC LIMIT 1
            """);

        Assert.Equal(RunState.Compensated, (await FailAsync(NoCreate)).Final);

        Assert.Equal(_before, await _rig.RowsAsync("acme"));
        // The webhook went with the instance in the first of them: it comes back with a new one.
        Assert.Equal(RunState.Completed, (await _rig.ResetAsync("acme")).State);
        Assert.Equal(("http://127.0.0.1:9/product", true), (_rig.Instance("acme")!.WebhookUrl, _rig.Instance("acme")!.WebhookEnabled));
    }

    [Fact]
    public async Task The_bare_row_that_a_reset_wrote_and_could_not_take_away_is_not_what_was_there_before()
    {
        // Only the new row, which says connecting, cannot be deleted; and so the old one cannot take its place.
        await RefuseAsync("DELETE", "OLD.connection_status = 'connecting'");
        Assert.Equal(RunState.CompensationFailed, (await FailAsync(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" })).Final);
        await AllowAsync();
        Assert.DoesNotContain(ResetRig.OldApiKey, await _rig.RowsAsync("acme"), StringComparison.Ordinal);

        Assert.Equal(RunState.Compensated, (await FailAsync(NoCreate)).Final);

        Assert.Equal(_before, await _rig.RowsAsync("acme"));
    }

    [Fact]
    public async Task Rows_that_somebody_has_written_since_count_more()
    {
        await LoseRowsAsync();
        await _rig.SeedAsync("acme", state: null);
        var mended = await _rig.RowsAsync("acme");
        Assert.NotEqual(_before, mended);

        var (run, final) = await FailAsync(NoCreate);

        Assert.Equal((RunState.Compensated, mended), (final, await _rig.RowsAsync("acme")));
        Assert.DoesNotContain("rows that an earlier run", await ExportedAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_a_reset_has_put_them_back_or_completed_the_lost_rows_are_history()
    {
        await LoseRowsAsync();
        Assert.Equal(RunState.Compensated, (await FailAsync(NoCreate)).Final);
        // The product gives its integration up.
        await _rig.ExecuteOnProductAsync("DELETE FROM tenant_integrations");
        Assert.Equal(RunState.Compensated, (await FailAsync(NoCreate)).Final);
        Assert.Null(await _rig.RowsAsync("acme"));

        Assert.Equal(RunState.Completed, (await _rig.ResetAsync("acme")).State);
        var renewed = await _rig.RowsAsync("acme");
        Assert.Equal(RunState.Compensated, (await FailAsync(NoCreate)).Final);
        Assert.Equal(renewed, await _rig.RowsAsync("acme"));
    }

    /// <summary>The product takes no rows any more: neither the new one nor the old ones.</summary>
    private async Task LoseRowsAsync()
    {
        await RefuseAsync("INSERT", "true");
        var (run, final) = await _rig.ResetAsync("acme");
        Assert.Equal((RunState.CompensationFailed, "save-integration"), (final, run.FailedStep));
        await AllowAsync();
    }

    private async Task<(Run Run, RunState Final)> FailAsync(Fault fault)
    {
        _rig.Gateway.SetFault(fault);
        var ended = await _rig.ResetAsync("acme");
        _rig.Gateway.ClearFaults();
        return ended;
    }

    private async Task<string> ExportedAsync(Run run) => (await _rig.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "export-config").Detail!;

    private Task RefuseAsync(string operation, string when) => _rig.ExecuteOnProductAsync(
        $"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$;
        CREATE TRIGGER refuse BEFORE {operation} ON tenant_integrations FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()
        """);

    private Task AllowAsync() => _rig.ExecuteOnProductAsync("DROP FUNCTION refuse CASCADE");
}
