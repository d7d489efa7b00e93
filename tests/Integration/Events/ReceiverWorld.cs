using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>A receiver with small limits, on a database of its own, and one tenant that has a secret.</summary>
public abstract class ReceiverWorld : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected ReceiverHost Host { get; private set; } = null!;

    /// <summary>Of tenant acme.</summary>
    private protected string Secret { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await Databases.OperationsAsync();
        Host = await ReceiverHost.StartAsync(Database.ConnectionString, null, null, "--EventsMaxBodyBytes=20000", "--EventsMaxJsonDepth=40");
        Secret = await Host.SecretAsync("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
