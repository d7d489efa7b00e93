using Npgsql;

namespace WhatsOps.Tests.Shared;

/// <summary>
/// A database of one test class, copied from a template that <paramref name="prepare"/> filled once per process
/// (migrations run once, a copy takes about 50 ms).
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Turn = new(1, 1);
    private static readonly HashSet<string> Templates = [];
    private static int _count;

    private readonly string? _drop;

    private TestDatabase(string connectionString, string? drop = null)
    {
        (ConnectionString, _drop) = (connectionString, drop);
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>A database of the caller's own cluster, which stops and starts as the caller likes.</summary>
    public static TestDatabase On(string connectionString) => new(connectionString);

    /// <param name="template">Name of the template; the same name means the same content.</param>
    /// <param name="prepare">Fills the template; gets its connection string.</param>
    public static async Task<TestDatabase> CreateAsync(string? template = null, Func<string, Task>? prepare = null)
    {
        var postgres = await TestServers.PostgresAsync();
        var name = $"test_{Interlocked.Increment(ref _count)}";
        await using var admin = NpgsqlDataSource.Create(postgres.ConnectionString());
        // CREATE DATABASE refuses a template that somebody is connected to: one at a time.
        await Turn.WaitAsync();
        try
        {
            if (template is not null && Templates.Add(template))
            {
                await ExecuteAsync(admin, $"CREATE DATABASE \"{template}\"");
                var unpooled = new NpgsqlConnectionStringBuilder(postgres.ConnectionString(template)) { Pooling = false };
                await prepare!(unpooled.ConnectionString);
            }

            await ExecuteAsync(admin, $"CREATE DATABASE {name} TEMPLATE \"{template ?? "template1"}\"");
        }
        finally
        {
            Turn.Release();
        }

        return new TestDatabase(postgres.ConnectionString(name), name);
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Drops what was created: a thousand databases of 10 MB each would ask for more disk than a small machine has.</summary>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_drop is null) return;
        await using var admin = NpgsqlDataSource.Create((await TestServers.PostgresAsync()).ConnectionString());
        // By force: a host that a test killed may have left sessions behind.
        await ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {_drop} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
