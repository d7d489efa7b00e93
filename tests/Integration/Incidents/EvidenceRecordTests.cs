using System.Text.Json;
using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using WhatsOps.Blobs;
using WhatsOps.Checklists;
using WhatsOps.Fleet;
using WhatsOps.Incidents;

namespace WhatsOps.Tests.Integration.Incidents;

/// <summary>Evidence of what WhatsOps itself keeps, and that it is noted who has taken it.</summary>
public sealed class EvidenceRecordTests : IAsyncLifetime
{
    private EvidenceWorld world = null!;

    public async ValueTask InitializeAsync() => world = await EvidenceWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    [Capability("R-243", Absent = true)]
    public async Task Records_that_the_database_does_not_give_cost_only_their_part()
    {
        await world.ExecuteAsync("ALTER TABLE whatsops.samples RENAME TO samples_elsewhere");
        var manifest = await world.CollectAsync();
        // How targets are is read from samples, too.
        var missing = manifest.Parts.Where(part => part.Outcome != EvidenceOutcome.Collected).ToArray();
        Assert.Equal(["targets.json", "samples.csv"], missing.Select(part => part.Name));
        Assert.All(missing, part => Assert.Equal((EvidenceOutcome.Unreachable, "What keeps it does not answer, or has it no more."), (part.Outcome, part.Words)));
    }

    [Fact]
    [Capability("R-243")]
    public async Task What_is_open_is_there_however_old_it_is_and_however_much_was_closed_since()
    {
        await world.ExecuteAsync(
            """
            INSERT INTO whatsops.findings (fingerprint, kind, check_name, system, severity, state, cause, evidence, opened_at, last_seen_at, closed_at)
            SELECT 'f' || n, 'target_down', 'watch', 'shop', 2, CASE WHEN n = 0 THEN 'open' ELSE 'closed' END, CASE WHEN n = 0 THEN 'the old one' ELSE 'one' END, '{}', now() - interval '90 days', now(),
              CASE WHEN n > 2000 THEN now() - interval '3 days' WHEN n > 0 THEN now() END
            FROM generate_series(0, 2100) n
            """);
        var plan = JsonSerializer.Serialize(new { runbook = "restart", version = 1, target = new { system = "shop", tenant = "acme", instance = "i", gateway = "g" }, destructive = false, steps = Array.Empty<object>() });
        await world.ExecuteAsync(
            $"""
            INSERT INTO whatsops.runs (id, system, tenant, instance, gateway, runbook, version, plan, plan_hash, destructive, reason, requested_by, state, created_at, progressed_at, ended_at)
            SELECT gen_random_uuid(), 'shop', 'acme', 'i' || n, 'g', 'restart', 1, '{plan}', 'h', false, CASE WHEN n = 0 THEN 'the old one' ELSE 'one' END, 'ana', CASE WHEN n = 0 THEN 'running' ELSE 'completed' END,
              now() - interval '90 days' + n * interval '1 minute', now(), CASE WHEN n > 2000 THEN now() - interval '3 days' WHEN n > 0 THEN now() END
            FROM generate_series(0, 2100) n
            """);

        var manifest = await world.CollectAsync();

        var files = await world.FilesAsync(manifest);
        foreach (var (name, text) in (IEnumerable<(string, string)>)[("findings.json", "cause"), ("runs.json", "reason")])
        {
            Assert.Equal(EvidenceOutcome.Collected, manifest.Parts.Single(part => part.Name == name).Outcome);
            var records = JsonDocument.Parse(files[name]).RootElement.EnumerateArray().ToArray();
            Assert.Equal(2001, records.Length);
            Assert.Single(records, record => record.GetProperty(text).GetString() == "the old one");
        }

        await world.ExecuteAsync("UPDATE whatsops.findings SET closed_at = now() WHERE fingerprint = 'f2100'");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        manifest = await world.CollectAsync();
        var cut = manifest.Parts.Single(part => part.Name == "findings.json");
        Assert.Equal((EvidenceOutcome.Cut, "Findings that were open since then. Only the newest 2000 open and closed findings each were read."), (cut.Outcome, cut.Words));
    }

    [Fact]
    [Capability("R-243")]
    public async Task What_was_done_to_the_whole_installation_is_there_without_what_it_says_of_other_systems()
    {
        var audit = world.Get<IAuditTrail>();
        await audit.RecordAsync("ana", "fleet.apply", null, null, "version 7: adds another-customer", default);
        await audit.RecordAsync("ana", "run.approve", "shop", "acme", "of shop itself", default);
        await audit.RecordAsync("ana", "run.approve", "another-customer", null, "not of shop", default);

        var entries = JsonDocument.Parse((await world.FilesAsync(await world.CollectAsync()))["audit.json"]).RootElement.EnumerateArray()
            .Select(entry => (entry.GetProperty("action").GetString(), entry.GetProperty("detail").GetString()));

        Assert.Equal([("run.approve", "of shop itself"), ("fleet.apply", null)], entries);
    }

    [Fact]
    [Capability("R-243", Absent = true)]
    public async Task A_hold_that_fails_and_a_caller_who_goes_away_leave_no_archive_that_nobody_is_noted_to_have_taken()
    {
        using var gone = new CancellationTokenSource();
        var answer = Assert.IsType<ObjectResult>(await Functions(Blobs(() =>
        {
            gone.Cancel();
            throw new RequestFailedException(503, "busy");
        })).Collect(new DefaultHttpContext().Request, EvidenceWorld.System, gone.Token));

        var manifest = Assert.IsType<EvidenceManifest>(answer.Value);
        Assert.Equal((201, false), (answer.StatusCode, manifest.IsHeld));
        await NotedAsync(manifest.Id);
        Assert.NotNull(await world.Blobs.FindAsync(EvidencePaths.Manifest(EvidenceWorld.System, manifest.Id), default));
    }

    [Fact]
    [Capability("R-243", Absent = true)]
    public async Task A_manifest_that_is_not_taken_is_said_and_the_archive_is_noted_all_the_same()
    {
        var id = EvidencePaths.IdOf(world.Time.GetUtcNow());
        var functions = Functions(Blobs(() => false, path => path.EndsWith("manifest.json", StringComparison.Ordinal) ? throw new RequestFailedException(503, "busy") : path));
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => functions.Collect(new DefaultHttpContext().Request, EvidenceWorld.System, default))).Status);
        await NotedAsync(id);
    }

    private async Task NotedAsync(string id)
    {
        Assert.Equal(1, await world.ScalarAsync<long>($"SELECT count(*) FROM whatsops.audit_trail WHERE action = 'evidence.collect' AND by = 'otto' AND detail LIKE 'incidents/shop/{id}/%'"));
        Assert.Equal(id, Assert.Single(await world.Get<TaskStore>().ListAsync(EvidenceWorld.System, TaskState.Open, 10, default)).Period);
    }

    private EvidenceFunctions Functions(IBlobStore blobs)
    {
        var desk = new EvidenceDesk(world.Get<ContainerEvidence>(), world.Get<RecordEvidence>(), blobs, world.Get<IAuditTrail>(), world.Get<TaskStore>(), world.Time);
        return new(new ServiceCollection().AddSingleton(desk).BuildServiceProvider(), world.Get<IFleet>(), world.Get<IOperators>(), world.Time);
    }

    // Azurite, with failures that it cannot be made to have.
    private IBlobStore Blobs(Func<bool> hold, Func<string, string>? path = null)
    {
        var blobs = new Mock<IBlobStore>();
        blobs.Setup(one => one.PutAsync(It.IsAny<string>(), It.IsAny<BinaryData>(), It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns((string to, BinaryData content, string type, bool overwrite, CancellationToken token) => world.Blobs.PutAsync(path?.Invoke(to) ?? to, content, type, overwrite, token));
        blobs.Setup(one => one.HoldAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string _, CancellationToken _) => Task.FromResult(hold()));
        return blobs.Object;
    }
}
