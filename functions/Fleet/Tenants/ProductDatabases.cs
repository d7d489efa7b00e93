using System.Collections.Concurrent;
using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>Connections to the products' databases: one small pool per connection string, since those databases have their own users to serve.</summary>
internal sealed class ProductDatabases(IFleet fleet) : IAsyncDisposable, IDisposable
{
    private const int PoolSize = 4;
    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> _sources = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="MissingSecretException"/>, or <see cref="ProblemException"/> when the system has no tenant directory.</summary>
    public NpgsqlDataSource Open(FleetSystem system)
    {
        var options = system.TenantDirectory ?? throw new ProblemException(409, $"System {system.Name} has no tenantDirectory.", null, "Add one to the fleet file.");
        return Open(options.ConnectionString);
    }

    /// <summary>By the reference to its connection string. Throws <see cref="MissingSecretException"/>, or <see cref="ProblemException"/> when that is none.</summary>
    public NpgsqlDataSource Open(string reference) =>
        _sources.GetOrAdd(fleet.Resolve(reference), text => new Lazy<NpgsqlDataSource>(() => Create(text, reference))).Value;

    /// <summary>How long the smallest query takes.</summary>
    public async Task<TimeSpan> PingAsync(FleetSystem system, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        await using var command = Open(system).CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellation);
        return time.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
            if (source.IsValueCreated) await source.Value.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values)
            if (source.IsValueCreated) source.Value.Dispose();
    }

    private static NpgsqlDataSource Create(string connectionString, string reference)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = PoolSize, Timeout = 5, CommandTimeout = 15, ApplicationName = "whatsops" };
            return NpgsqlDataSource.Create(settings);
        }
        catch (ArgumentException)
        {
            // Npgsql's own message may quote the text, password included.
            throw new ProblemException(409, $"{reference} is not a PostgreSQL connection string.", null, "Host=…;Port=5432;Database=…;Username=…;Password=…");
        }
    }
}
