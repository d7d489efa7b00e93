using System.Diagnostics;
using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Databases of restores are made and dropped on a real server.</summary>
public sealed class NewDatabaseTests
{
    [Fact]
    public async Task A_database_is_dropped_although_a_session_takes_longer_to_end_than_the_server_waits()
    {
        // Dropping a database waits for every session of the server: on the one where all tests drop theirs, they would wait for the session that is stopped here.
        var server = new NpgsqlConnectionStringBuilder((await TestServers.DurablePostgresAsync()).ConnectionString());
        var name = NewDatabase.ScratchName(Guid.NewGuid(), "product");
        await NewDatabase.CreateAsync(server, name, "test", model: null, CancellationToken.None);
        await using var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false }.ConnectionString);
        await session.OpenAsync();
        await SignalAsync("STOP", session.ProcessID);
        Task dropping;
        try
        {
            dropping = NewDatabase.DropAsync(server, name, "test", CancellationToken.None);
            // PostgreSQL gives up after 5.
            await Task.WhenAny(dropping, Task.Delay(TimeSpan.FromSeconds(6)));
        }
        finally
        {
            await SignalAsync("CONT", session.ProcessID);
        }

        await dropping;

        await using var lobby = await NewDatabase.LobbyAsync(server, CancellationToken.None);
        await using var look = new NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = $1", lobby) { Parameters = { new() { Value = name } } };
        Assert.Equal(0L, await look.ExecuteScalarAsync());
    }

    private static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{processId}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
