using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Cli.Local;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Benchmarks.Backup;

/// <summary>
/// A database of 2 GB, into Azurite: dumped in a snapshot with every row counted, compressed, encrypted and uploaded. Beside it the bare pipelines into a file:
/// <c>pg_dump | zstd -1</c>, and <c>pg_dump | gzip</c> as the manuals have it. Reading back what was stored is told apart, since no pipeline does it.
/// </summary>
public sealed class BackupBenchmark : IBenchmark
{
    private const long Goal = 2_000_000_000;
    private const int Runs = 5;
    private const double MostOfZstd = 1.3;
    private const double LeastOfGzip = 2;
    private const double MostMegabytes = 150;

    public string Name => "backup";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        if (!ChildProcess.Exists("zstd") || !ChildProcess.Exists("gzip")) throw new InvalidOperationException("zstd or gzip is missing. Fix: apt-get install zstd gzip.");
        var target = new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync(cancellation));
        var bytes = await FillAsync(servers, target, cancellation);
        var folder = Directory.CreateTempSubdirectory("whatsops-bench-");
        try
        {
            await using var services = Services((await servers.AzuriteAsync()).ConnectionString, folder.FullName, target.ConnectionString);
            List<double> ours = [], zstd = [], gzip = [], readBack = [];
            var (memory, stored) = (0.0, 0L);
            for (var run = 0; run < Runs; run++)
            {
                servers.Say($"backup: run {run + 1} of {Runs}…");
                var set = Guid.CreateVersion7();
                GC.Collect();
                var ((seconds, part), peak) = await PeakMemory.DuringAsync(() => TimedAsync(() => WriteAsync(services, target, set, cancellation)));
                ours.Add(seconds);
                (memory, stored) = (Math.Max(memory, peak), part.Bytes);
                readBack.Add((await TimedAsync(async () =>
                {
                    await services.GetRequiredService<PartReader>().VerifyAsync(part, cancellation);
                    return true;
                })).Seconds);
                await services.GetRequiredService<IBlobStore>().DeleteAsync(part.Blob, cancellation);
                zstd.Add(await PipelineAsync(target, "zstd -q -1", Path.Combine(folder.FullName, "dump.zst"), cancellation));
                gzip.Add(await PipelineAsync(target, "gzip", Path.Combine(folder.FullName, "dump.gz"), cancellation));
                servers.Say($"backup: ours {ours[^1]:0.0} s, zstd {zstd[^1]:0.0} s, gzip {gzip[^1]:0.0} s, peak {memory:0} MB");
            }

            var (mine, bare, manuals) = (BenchmarkServers.Median(ours), BenchmarkServers.Median(zstd), BenchmarkServers.Median(gzip));
            return new BenchmarkResult(
                Name, $"seconds for {bytes / 1e9:0.0} GB", mine,
                new Dictionary<string, double> { ["pg_dump_zstd_1_to_a_file"] = bare, ["pg_dump_gzip_to_a_file"] = manuals },
                new Dictionary<string, double> { ["times_pg_dump_zstd_1"] = mine / bare, ["times_faster_than_pg_dump_gzip"] = manuals / mine },
                [
                    BenchmarkGoal.AtMost("times_pg_dump_zstd_1", mine / bare, MostOfZstd), BenchmarkGoal.AtLeast("times_faster_than_pg_dump_gzip", manuals / mine, LeastOfGzip),
                    BenchmarkGoal.AtMost("peak_megabytes", memory, MostMegabytes),
                ])
            {
                Details = new Dictionary<string, double>
                {
                    ["seconds_to_read_back"] = BenchmarkServers.Median(readBack), ["peak_megabytes"] = memory, ["stored_megabytes"] = stored / 1e6,
                    ["zstd_megabytes"] = new FileInfo(Path.Combine(folder.FullName, "dump.zst")).Length / 1e6, ["gzip_megabytes"] = new FileInfo(Path.Combine(folder.FullName, "dump.gz")).Length / 1e6, ["runs"] = Runs,
                },
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<BackupPart> WriteAsync(ServiceProvider services, NpgsqlConnectionStringBuilder target, Guid set, CancellationToken cancellation)
    {
        var source = new PostgresSource(new() { Name = "bench" }, target, services.GetRequiredService<PgClients>());
        return services.GetRequiredService<PartWriter>().WriteAsync("bench", set, source, static _ => { }, cancellation);
    }

    private static ServiceProvider Services(string blobs, string folder, string database)
    {
        var keyFile = Path.Combine(folder, "key");
        File.WriteAllText(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["BlobStorage"] = blobs, ["BlobContainer"] = "bench", ["DataKeyFile"] = keyFile }).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(settings).AddSingleton(TimeProvider.System).AddLogging().AddFleet().AddBlobs(settings)
            .AddSingleton(new OperationsDatabaseOptions(database)).AddSingleton<PgClients>().AddSingleton<SealedBlobs>().AddSingleton<PartWriter>().AddSingleton<PartReader>()
            .BuildServiceProvider();
    }

    // As chat rows are: ids, times, a few words of a small vocabulary, a JSON of the same members, and keys that do not compress.
    private static async Task<long> FillAsync(BenchmarkServers servers, NpgsqlConnectionStringBuilder target, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(target.ConnectionString) { CommandTimeout = 600 });
        await ExecuteAsync(source, "CREATE UNLOGGED TABLE messages (id bigint, tenant int, at timestamptz, remote text, body text, payload jsonb, key bytea)", cancellation);
        for (var from = 0L; ; from += 400_000)
        {
            await ExecuteAsync(source,
                $"""
                INSERT INTO messages SELECT i, (i * 7919) % 500, '2026-01-01T00:00Z'::timestamptz + i * interval '1 s', '55119' || (i * 104729) % 100000000 || '@s.whatsapp.net',
                  (SELECT string_agg((ARRAY['olá','tudo','bem','pedido','boleto','amanhã','obrigado','entrega','endereço','confirmo','qual','valor','pix','não','sim','agora'])[1 + ((i * 31 + w * 17 + (i >> w)) % 16)::int], ' ') FROM generate_series(1, 6 + (i % 20)::int) w),
                  jsonb_build_object('status', (ARRAY['SENT','DELIVERED','READ'])[1 + (i % 3)::int], 'fromMe', i % 2 = 0, 'pushName', 'Cliente ' || i % 5000, 'id', upper(md5(i::text))), decode(md5(i::text) || md5((i + 1)::text), 'hex')
                  FROM generate_series({from}::bigint, {from + 399_999}::bigint) i
                """, cancellation);
            var size = await SizeAsync(source, cancellation);
            servers.Say($"backup: {size / 1e9:0.0} of {Goal / 1e9:0.0} GB written…");
            if (size < Goal) continue;
            // pg_dump leaves the rows of unlogged tables out on replicas only; a logged table is what products have.
            await ExecuteAsync(source, "ALTER TABLE messages SET LOGGED; CREATE INDEX ON messages (tenant, at); VACUUM ANALYZE messages", cancellation);
            return size;
        }
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT pg_total_relation_size('messages')");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static async Task<double> PipelineAsync(NpgsqlConnectionStringBuilder target, string compressor, string file, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string> { ["PGHOST"] = target.Host!, ["PGPORT"] = $"{target.Port}", ["PGUSER"] = target.Username!, ["PGPASSWORD"] = target.Password!, ["PGDATABASE"] = target.Database! };
        var clock = Stopwatch.StartNew();
        using var process = ChildProcess.Start("bash", ["-c", $"set -o pipefail; pg_dump | {compressor} > '{file}'"], environment);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"pg_dump | {compressor} ended with {process.ExitCode}.");
    }

    private static async Task<(double Seconds, T Result)> TimedAsync<T>(Func<Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        var result = await work();
        return (clock.Elapsed.TotalSeconds, result);
    }
}
