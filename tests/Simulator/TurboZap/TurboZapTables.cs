using Npgsql;

namespace WhatsOps.Simulator.TurboZap;

/// <summary>TurboZap's own table <c>instances</c>, whose status follows the sockets as its API does not.</summary>
public static class TurboZapTables
{
    public static Task CreateAsync(NpgsqlDataSource database) => ExecuteAsync(
        database,
        """
        CREATE TABLE instances (id uuid PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, api_key text, status varchar(20), phone_number text, device_jid text,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(), updated_at timestamptz NOT NULL DEFAULT clock_timestamp())
        """);

    /// <summary>From now on every change of an instance is written.</summary>
    public static void Follow(TurboZapSimulator gateway, NpgsqlDataSource database) => gateway.StatusChanged = (device, isRemoved) => isRemoved
        ? ExecuteAsync(database, "DELETE FROM instances WHERE name = $1", device.Name)
        : ExecuteAsync(
            database,
            """
            INSERT INTO instances (id, name, api_key, status, device_jid) VALUES ($1, $2, 'secret-of-the-instance', $3, $4)
            ON CONFLICT (name) DO UPDATE SET status = excluded.status, device_jid = excluded.device_jid, updated_at = clock_timestamp()
            """, device.Id, device.Name, device.Status, device.IsPaired ? $"{device.Number}:1@s.whatsapp.net" : "");

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
