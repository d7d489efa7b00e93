using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>`up --postgres --blobs` on servers that are the user's.</summary>
public sealed class BorrowedServerTests
{
    [Fact]
    public async Task On_the_users_own_servers_up_drops_what_it_made_and_nothing_else_also_after_the_server_was_away()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("borrowed");
        await using var stand = new UpStand();
        await ReadAsync(postgres, "CREATE DATABASE whatsops_up");
        string[] arguments = ["up", "--postgres", postgres.ConnectionString(), "--blobs", (await TestServers.AzuriteAsync()).ConnectionString, "--port", $"{FreePort.Next()}"];

        using (var up = stand.Start(arguments))
        {
            await stand.UntilAsync(up, state => state.Processes.Any(process => process.Name == "host"));
            Assert.Equal(5, (await ReadAsync(postgres, "SELECT datname FROM pg_database WHERE datname LIKE 'whatsops\\_up%'")).Count);
            Assert.Equal(0, await up.InterruptAsync());
            await stand.AssertNothingIsLeftAsync();
            Assert.DoesNotContain("Azurite", stand.Seen.Select(process => process.Name));
        }

        Assert.Equal(["whatsops_up"], await ReadAsync(postgres, "SELECT datname FROM pg_database WHERE datname LIKE 'whatsops\\_up%'"));

        using (var up = stand.Start(arguments))
        {
            await stand.UntilAsync(up, state => state.Processes.Any(process => process.Name == "host"));
            await postgres.StopServerAsync("immediate", CancellationToken.None);
            await up.InterruptAsync();
            // Not everything is stopped, so it is not forgotten.
            Assert.NotNull(stand.State);
            await postgres.StartServerAsync(CancellationToken.None);
            Assert.Contains("databases are dropped", await stand.RunAsync("down"), StringComparison.Ordinal);
            await stand.AssertNothingIsLeftAsync();
        }

        Assert.Equal(["whatsops_up"], await ReadAsync(postgres, "SELECT datname FROM pg_database WHERE datname LIKE 'whatsops\\_up%'"));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(LocalPostgres postgres, string sql)
    {
        // Unpooled: the server is stopped in between.
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString()) { Pooling = false }.ConnectionString);
        await using var command = server.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var read = new List<string>();
        while (await reader.ReadAsync()) read.Add(reader.GetString(0));
        return read;
    }
}
