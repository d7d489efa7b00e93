using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Benchmarks;

/// <summary>The real servers of a benchmark run: a private PostgreSQL with fsync and synchronous_commit on, Azurite, and a place to say what is going on.</summary>
public sealed class BenchmarkServers
{
    private int _count;

    /// <summary>Progress for people: standard error, so that `--json` stays one object per line.</summary>
    public void Say(string line) => System.Console.Error.WriteLine(line);

    public Task<LocalPostgres> PostgresAsync() => TestServers.DurablePostgresAsync();

    public Task<LocalAzurite> AzuriteAsync() => TestServers.AzuriteAsync();

    /// <summary>A new empty database and its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation, int poolSize = 50)
    {
        var postgres = await PostgresAsync();
        var name = $"bench_{Interlocked.Increment(ref _count)}";
        await using var admin = NpgsqlDataSource.Create(postgres.ConnectionString());
        await using var create = admin.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(cancellation);
        return postgres.ConnectionString(name, poolSize);
    }

    /// <summary>The middle of the measured values; of an even number the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new ArgumentException("No measurement.", nameof(values));
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
