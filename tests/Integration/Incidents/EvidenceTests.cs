using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using WhatsOps.Checklists;
using WhatsOps.Cli.Local;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Incidents;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Incidents;

/// <summary>Evidence of real containers, in a real storage.</summary>
public sealed class EvidenceTests : IAsyncLifetime
{
    private const string Secret = "hunter2hunter2";
    private const string Phone = "5511987654321";
    private readonly string name = $"incident-{Guid.NewGuid():N}";
    private LocalContainers engine = null!;
    private EvidenceWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        world = await EvidenceWorld.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", name], default);
    }

    [Fact]
    [Capability("R-243")]
    [Capability("R-245", HumanTask = true)]
    public async Task All_that_is_known_is_packed_hashed_and_written_once_and_its_analysis_is_asked_of_a_person()
    {
        await StartAsync();
        world.Watch(new() { Containers = [Container("app")], Logs = [Log("security", "/app/security.log")] });
        await world.Get<SampleStore>().AddAsync(EvidenceWorld.System, "container/app", [new("container.memory.percent", 42)], world.Time.GetUtcNow(), CancellationToken.None);
        await world.Get<IFindings>().RaiseAsync(
            new("target_exposed", "watch/log/security", EvidenceWorld.System, null, null, null, Severity.High, $"A number, {Phone}, stands in clear.", new Dictionary<string, string>(), null), world.Time.GetUtcNow(), CancellationToken.None);

        var manifest = await world.CollectAsync($"called by {Phone}");

        Assert.Equal(
            ["containers/app/inspect.json", "containers/app/processes.json", "containers/app/log.txt", "logs/security.txt", "targets.json", "samples.csv", "findings.json", "runs.json", "audit.json"],
            manifest.Parts.Select(part => part.Name));
        Assert.All(manifest.Parts, part => Assert.True(part.Outcome == EvidenceOutcome.Collected, $"{part.Name} {part.Outcome} {part.Words}"));
        var archive = (await world.Blobs.FindAsync(manifest.Path, default))!.ToArray();
        Assert.Equal((manifest.Bytes, manifest.Sha256), (archive.Length, Hash(archive)));
        var files = await world.FilesAsync(manifest);
        Assert.Equal(manifest.Parts.Select(part => part.Name).Append("manifest.json").Order(), files.Keys.Order());
        Assert.All(manifest.Parts, part => Assert.Equal((part.Bytes, part.Sha256), (files[part.Name].Length, Hash(files[part.Name]))));

        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR login of \S+ failed$", Text(files, "containers/app/log.txt"));
        Assert.Equal("401 unauthorized from 203.0.113.9\n*** is wrong\n", Text(files, "logs/security.txt"));
        Assert.Contains("container/app,container.memory.percent,\"\",42", Text(files, "samples.csv"), StringComparison.Ordinal);
        var inspect = Text(files, "containers/app/inspect.json");
        Assert.Contains("API_TOKEN", inspect, StringComparison.Ordinal);
        Assert.Contains("\"running\": true", inspect, StringComparison.Ordinal);
        Assert.Contains("busybox", Text(files, "containers/app/processes.json"), StringComparison.Ordinal);
        Assert.All(files, file => Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(file.Value), StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain(Phone, Encoding.UTF8.GetString(file.Value), StringComparison.Ordinal));

        // Beside it the same manifest with the hash of the whole.
        var beside = (await world.Blobs.FindAsync($"incidents/shop/{manifest.Id}/manifest.json", default))!.ToString();
        Assert.Equal(manifest.Sha256, JsonDocument.Parse(beside).RootElement.GetProperty("sha256").GetString());
        // Azurite has no holds; the manifest says which.
        Assert.Equal(("otto", "called by ***", false), (manifest.CollectedBy, manifest.Reason, manifest.IsHeld));
        var audited = await world.ScalarAsync<string>("SELECT by || ' ' || action || ' ' || system || ' ' || detail FROM whatsops.audit_trail WHERE action = 'evidence.collect'");
        Assert.Equal($"otto evidence.collect shop {manifest.Path}, 9 parts, 0 not to be had, SHA-256 {manifest.Sha256}: called by ***", audited);
        var task = Assert.Single(await world.Get<TaskStore>().ListAsync(EvidenceWorld.System, TaskState.Open, 10, default));
        Assert.Equal(("R-245", manifest.Id), (task.Row, task.Period));
        Assert.Equal(world.Time.GetUtcNow().AddDays(3), task.DueAt, TimeSpan.FromMilliseconds(1));

        // Once: the same second's is refused, and what is there stays.
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => world.CollectAsync())).Status);
        Assert.Equal(archive, (await world.Blobs.FindAsync(manifest.Path, default))!.ToArray());
    }

    [Fact]
    [Capability("R-243", Absent = true)]
    public async Task What_cannot_be_had_is_named_with_its_reason_and_the_rest_is_there()
    {
        await StartAsync();
        await using var refusing = await ScriptedGateway.StartAsync(403, "{\"message\":\"no\"}");
        var at = new ContainerReference { Container = "x", Engine = refusing.Url };
        world.Watch(new()
        {
            Containers = [Container("app"), Container("gone") with { Container = new() { Container = "no-such-container", Engine = engine.Engine } }, Container("shut") with { Container = at }, Container("away") with { Container = at with { Engine = $"http://127.0.0.1:{FreePort.Next()}" } }],
            Logs = [Log("long", "/app/long.log"), Log("missing", "/app/no-such.log"), Log("large", "/app/large.log") with { MaxMegabytes = 1 }],
        });

        var manifest = await world.CollectAsync();

        Assert.Equal(EvidenceOutcome.Collected, Part(manifest, "containers/app/log.txt").Outcome);
        Assert.Equal((EvidenceOutcome.Absent, null, 0), (Part(manifest, "containers/gone/inspect.json").Outcome, Part(manifest, "containers/gone/inspect.json").Sha256, Part(manifest, "containers/gone/inspect.json").Bytes));
        Assert.Contains("no container no-such-container", Part(manifest, "containers/gone/log.txt").Words, StringComparison.Ordinal);
        Assert.Equal(EvidenceOutcome.Unauthorized, Part(manifest, "containers/shut/inspect.json").Outcome);
        Assert.Equal(EvidenceOutcome.Unauthorized, Part(manifest, "containers/shut/log.txt").Outcome);
        Assert.Equal(EvidenceOutcome.Unreachable, Part(manifest, "containers/away/inspect.json").Outcome);
        Assert.Equal(EvidenceOutcome.Absent, Part(manifest, "logs/missing.txt").Outcome);
        Assert.Equal(EvidenceOutcome.LeftOut, Part(manifest, "logs/large.txt").Outcome);
        Assert.Contains("more than 1: copy it by hand", Part(manifest, "logs/large.txt").Words, StringComparison.Ordinal);
        var cut = Part(manifest, "logs/long.txt");
        Assert.Equal(EvidenceOutcome.Cut, cut.Outcome);
        Assert.InRange(cut.Bytes, 4_000_000, 4 * 1024 * 1024);
        Assert.Contains("Only its last 4 MB were read.", cut.Words, StringComparison.Ordinal);
        var files = await world.FilesAsync(manifest);
        Assert.DoesNotContain(files.Keys, file => file.Contains("gone", StringComparison.Ordinal) || file.Contains("large", StringComparison.Ordinal));
        Assert.Contains("no-such-container", Text(files, "manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_given_up_and_holds_up_nothing_else()
    {
        var never = new TaskCompletionSource();
        await using var hanging = await ScriptedGateway.StartAsync(context => never.Task.WaitAsync(context.RequestAborted));
        world.Watch(new() { Containers = [Container("app") with { Container = new() { Container = "x", Engine = hanging.Url } }] });
        var manifest = await HangingAsync();
        never.SetResult();
        Assert.Equal((EvidenceOutcome.Unreachable, "It was not sent within 30 s."), (Part(manifest, "containers/app/inspect.json").Outcome, Part(manifest, "containers/app/inspect.json").Words));
        Assert.Equal(EvidenceOutcome.Collected, Part(manifest, "findings.json").Outcome);
    }

    [Fact]
    public async Task Engines_that_hang_use_up_all_the_time_and_what_WhatsOps_keeps_itself_is_there_all_the_same()
    {
        var never = new TaskCompletionSource();
        await using var hanging = await ScriptedGateway.StartAsync(context => never.Task.WaitAsync(context.RequestAborted));
        world.Watch(new() { Containers = [.. Enumerable.Range(1, 10).Select(number => Container($"app-{number}") with { Container = new() { Container = "x", Engine = hanging.Url } })] });

        var manifest = await HangingAsync();

        never.SetResult();
        Assert.Equal("There was no time left for it.", Part(manifest, "containers/app-10/log.txt").Words);
        Assert.All((string[])["targets.json", "samples.csv", "findings.json", "runs.json", "audit.json"], name => Assert.Equal(EvidenceOutcome.Collected, Part(manifest, name).Outcome));
    }

    [Fact]
    public async Task Phone_numbers_in_names_and_paths_are_in_no_manifest_and_no_file_gives_way_to_another()
    {
        await StartAsync();
        world.Watch(new()
        {
            Logs = [Log($"wa-{Phone}", $"/app/{Phone}.log"), Log("wa-5511987654322", "/app/security.log"), Log("missing", $"/app/{Phone}/no-such.log")],
        });

        var manifest = await world.CollectAsync();

        Assert.Equal(["logs/wa-xxx.txt", "logs/wa-xxx.2.txt", "logs/missing.txt"], manifest.Parts.Take(3).Select(part => part.Name));
        Assert.Equal([EvidenceOutcome.Collected, EvidenceOutcome.Collected, EvidenceOutcome.Absent], manifest.Parts.Take(3).Select(part => part.Outcome));
        Assert.StartsWith("/app/***.log of container ", manifest.Parts[0].Words, StringComparison.Ordinal);
        Assert.Contains("/app/***/no-such.log", manifest.Parts[2].Words, StringComparison.Ordinal);
        var files = await world.FilesAsync(manifest);
        Assert.Equal("of a number\n", Text(files, "logs/wa-xxx.txt"));
        Assert.DoesNotContain("55119876543", Text(files, "manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_is_away_is_said_and_nothing_is_noted_as_collected()
    {
        await using var away = await EvidenceWorld.StartAsync($"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{FreePort.Next()}/a;");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => away.CollectAsync());
        Assert.Equal(503, problem.Status);
        Assert.DoesNotContain("127.0.0.1", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, await away.ScalarAsync<long>("SELECT (SELECT count(*) FROM whatsops.tasks) + (SELECT count(*) FROM whatsops.audit_trail)"));
    }

    [Fact]
    [Capability("R-243")]
    public async Task Operators_collect_and_fetch_it_over_http_and_each_is_audited()
    {
        var functions = new EvidenceFunctions(world.Services, world.Get<IFleet>(), world.Get<IOperators>(), world.Time);
        foreach (var since in (DateTimeOffset[])[world.Time.GetUtcNow().AddMinutes(6), world.Time.GetUtcNow().AddDays(-7.1)])
            Assert.Equal((400, "$.since"), await RefusedAsync(() => functions.Collect(Request(new { since }), EvidenceWorld.System, default)));
        Assert.Equal((400, "$.reason"), await RefusedAsync(() => functions.Collect(Request(new { reason = new string('x', 501) }), EvidenceWorld.System, default)));
        Assert.Equal((404, "$.system"), await RefusedAsync(() => functions.Collect(Request(null), "other", default)));

        // Seven days before the caller's now, which is over when it is checked.
        var longest = world.Time.GetUtcNow().AddDays(-7);
        world.Time.Advance(TimeSpan.FromSeconds(2));
        var answer = Assert.IsType<ObjectResult>(await functions.Collect(Request(new { since = longest, reason = "drill" }), EvidenceWorld.System, default));
        var manifest = Assert.IsType<EvidenceManifest>(answer.Value);
        Assert.Equal((201, "drill"), (answer.StatusCode, manifest.Reason));
        var file = Assert.IsType<FileContentResult>(await functions.Get(Request(null), EvidenceWorld.System, manifest.Id, default));
        Assert.Equal(("application/gzip", manifest.Sha256), (file.ContentType, Hash(file.FileContents)));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsops.audit_trail WHERE action = 'evidence.read' AND by = 'otto' AND system = 'shop'"));
        foreach (var id in (string[])["20300101T000000Z", "../shop", manifest.Id + "/../x"])
            Assert.Equal((404, "id"), await RefusedAsync(() => functions.Get(Request(null), EvidenceWorld.System, id, default)));
        foreach (var other in (string[])["other", "../incidents/shop", "x/../shop"])
            Assert.Equal((404, "id"), await RefusedAsync(() => functions.Get(Request(null), other, manifest.Id, default)));

        // A system may go; what was collected of it stays.
        world.Fleet.Document = world.Fleet.Document with { Systems = [] };
        Assert.IsType<FileContentResult>(await functions.Get(Request(null), EvidenceWorld.System, manifest.Id, default));
    }

    private async Task StartAsync()
    {
        await engine.StartAsync(name, ["-e", $"API_TOKEN={Secret}"],
            $"""
            export PATH=/bin
            busybox mkdir /app
            echo "ERROR login of {Phone} failed"
            echo "password={Secret} is wrong"
            busybox printf '401 unauthorized from 203.0.113.9\npassword={Secret} is wrong\n' > /app/security.log
            busybox head -c 2000000 /dev/zero > /app/large.log
            busybox yes 'a line of a long log' | busybox head -c 5000000 > /app/long.log
            echo 'of a number' > /app/{Phone}.log
            busybox touch /made
            busybox sleep 1000
            """, default);
        await engine.ExecAsync(name, "until [ -e /made ]; do /bin/busybox sleep 0.05; done", default);
    }

    private async Task<EvidenceManifest> HangingAsync()
    {
        await using var onlooker = await world.Operations.DataSource.OpenConnectionAsync();
        await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", onlooker);
        var begun = (DateTime)(await clock.ExecuteScalarAsync())!;
        var collecting = world.CollectAsync();
        // The records are read while its time stands still: until its sessions have asked something, and nothing for a second.
        await using var quiet = new NpgsqlCommand(
            """
            SELECT coalesce(bool_and(state = 'idle') AND max(state_change) BETWEEN $1 AND clock_timestamp() - interval '1 second', false) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """, onlooker) { Parameters = { new() { Value = begun } } };
        await Waiting.UntilAsync(async () => (bool)(await quiet.ExecuteScalarAsync())!);
        while (!collecting.IsCompleted)
        {
            await Task.Delay(20);
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        return await collecting;
    }

    private ContainerTarget Container(string target) => new() { Name = target, Container = new() { Container = name, Engine = engine.Engine } };

    private LogFileTarget Log(string target, string path) => new() { Name = target, Container = new() { Container = name, Engine = engine.Engine }, Path = path };

    private static EvidencePart Part(EvidenceManifest manifest, string name) => manifest.Parts.Single(part => part.Name == name);

    private static HttpRequest Request(object? body)
    {
        var request = new DefaultHttpContext().Request;
        if (body is not null) request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body));
        return request;
    }

    private static async Task<(int, string?)> RefusedAsync(Func<Task> act)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(act);
        return (problem.Status, problem.Field);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Text(IReadOnlyDictionary<string, byte[]> files, string name) => Encoding.UTF8.GetString(files[name]);
}
