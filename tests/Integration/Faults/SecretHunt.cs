using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Storage.Blobs;
using Npgsql;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Looks for secrets, as they are and as JSON, a URL, base64 or hex would write them, in every column of a database, in blobs and in texts.</summary>
internal sealed class SecretHunt
{
    private readonly Dictionary<string, string[]> _needles = [];

    public int Places { get; private set; }

    /// <summary>What was found, as "secret in place"; never the secret itself.</summary>
    public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _needles.Keys;

    /// <param name="name">What it is.</param>
    /// <param name="secret">At least ten characters, so that nothing else looks like it.</param>
    public void Plant(string name, string? secret)
    {
        Assert.True(secret?.Length >= 10, $"The secret {name} is too short to be looked for.");
        var bytes = Encoding.UTF8.GetBytes(secret);
        _needles.Add(name, [.. ((string[])
        [
            secret, JsonEncodedText.Encode(secret).Value, JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value, Uri.EscapeDataString(secret),
            // Whatever stands before it, one of three alignments fits; the ends depend on the neighbours.
            Base64(bytes, 0), Base64(bytes, 1), Base64(bytes, 2), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
        ]).Distinct()]);
    }

    /// <summary>Bytes that must not stand anywhere as they are.</summary>
    public void Plant(string name, byte[] secret) => _needles.Add(name, [Encoding.Latin1.GetString(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret)]);

    public void Look(string place, string text)
    {
        Places++;
        foreach (var (name, forms) in _needles)
            if (forms.Any(form => text.Contains(form, StringComparison.Ordinal)))
                Found.Add($"{name} in {place}");
    }

    public void Look(string place, byte[] bytes)
    {
        Look(place, Encoding.UTF8.GetString(bytes));
        Look(place, Encoding.Latin1.GetString(bytes));
    }

    /// <summary>Every column of every table of these schemas.</summary>
    public async Task LookInDatabaseAsync(NpgsqlDataSource database, params string[] schemas)
    {
        var columns = new List<(string Schema, string Table, string Column, bool IsBytes)>();
        await using (var command = database.CreateCommand(
            """
            SELECT n.nspname::text, c.relname::text, a.attname::text, a.atttypid = 'bytea'::regtype
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE n.nspname = ANY ($1) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, 3
            """))
        {
            command.Parameters.Add(new() { Value = schemas });
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync()) columns.Add((row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)));
        }

        foreach (var (schema, table, column, isBytes) in columns)
        {
            await using var command = database.CreateCommand($"SELECT \"{column}\"{(isBytes ? "" : "::text")} FROM \"{schema}\".\"{table}\" WHERE \"{column}\" IS NOT NULL");
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                if (isBytes) Look($"{schema}.{table}.{column}", row.GetFieldValue<byte[]>(0));
                else Look($"{schema}.{table}.{column}", row.GetString(0));
        }
    }

    /// <summary>Every blob of a container, with its name; how many there are.</summary>
    public async Task<int> LookInBlobsAsync(BlobContainerClient container)
    {
        var count = 0;
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: CancellationToken.None))
        {
            count++;
            Look($"the name of blob {blob.Name}", blob.Name);
            Look($"blob {blob.Name}", (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray());
        }

        return count;
    }

    private static string Base64(byte[] bytes, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
        return text[(before == 0 ? 0 : 4)..(text.Length / 4 * 4 - 4)];
    }
}
