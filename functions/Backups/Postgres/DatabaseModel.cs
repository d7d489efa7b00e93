using System.Text.Json;
using Npgsql;

namespace WhatsOps.Backups;

/// <summary>What of a database is no content of it and in no dump of pg_dump: owner, encoding, locale, connection limit, its own settings and grants.</summary>
internal sealed class DatabaseModel
{
    // Stored as a list that is quoted already; quoted once more it would be one strange name.
    private static readonly HashSet<string> Lists = ["search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"];

    private readonly JsonElement _row;
    private readonly string _owner;
    private readonly IReadOnlyList<(string? Role, string Setting)> _settings;
    private readonly IReadOnlyList<(string Role, string Privilege, bool Grantable)>? _grants;

    private DatabaseModel(JsonElement row, string owner, IReadOnlyList<(string?, string)> settings, IReadOnlyList<(string, string, bool)>? grants) =>
        (_row, _owner, _settings, _grants) = (row, owner, settings, grants);

    public string CreateOptions
    {
        get
        {
            var options = $" ENCODING {SqlName.Literal(Text("encoding_name")!)} LC_COLLATE {SqlName.Literal(Text("datcollate")!)} LC_CTYPE {SqlName.Literal(Text("datctype")!)} CONNECTION LIMIT {_row.GetProperty("datconnlimit").GetInt32()}";
            // The locale of ICU moved from daticulocale (15, 16) to datlocale (17).
            return Text("datlocprovider") == "i" ? $"{options} LOCALE_PROVIDER icu ICU_LOCALE {SqlName.Literal(Text("datlocale") ?? Text("daticulocale")!)}" : options;
        }
    }

    /// <summary>Null when there is no such database.</summary>
    public static async Task<DatabaseModel?> ReadAsync(NpgsqlConnection server, string name, CancellationToken cancellation)
    {
        var row = await ListAsync(server,
            "SELECT to_jsonb(d) || jsonb_build_object('encoding_name', pg_encoding_to_char(d.encoding)), pg_get_userbyid(datdba), datacl IS NULL FROM pg_database d WHERE datname = $1",
            name, reader => (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)), cancellation);
        if (row is not [var (json, owner, hasDefaults)]) return null;
        var settings = await ListAsync(server,
            "SELECT CASE WHEN setrole <> 0 THEN pg_get_userbyid(setrole) END, unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = $1",
            name, reader => (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1)), cancellation);
        var grants = hasDefaults ? null : await ListAsync(server,
            "SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = $1",
            name, reader => (reader.IsDBNull(0) ? "PUBLIC" : SqlName.Quoted(reader.GetString(0)), reader.GetString(1), reader.GetBoolean(2)), cancellation);
        return new(JsonElement.Parse(json), owner, settings, grants);
    }

    /// <summary>What makes a new database like it, after CREATE DATABASE.</summary>
    public IEnumerable<string> Following(string name)
    {
        var database = SqlName.Quoted(name);
        yield return $"ALTER DATABASE {database} OWNER TO {SqlName.Quoted(_owner)}";
        foreach (var (role, setting) in _settings)
        {
            var (key, value) = (setting[..setting.IndexOf('=')], setting[(setting.IndexOf('=') + 1)..]);
            yield return $"ALTER {(role is null ? $"DATABASE {database}" : $"ROLE {SqlName.Quoted(role)} IN DATABASE {database}")} SET {SqlName.Quoted(key)} TO {(Lists.Contains(key) && value.Length > 0 ? value : SqlName.Literal(value))}";
        }

        if (_grants is null) yield break;
        yield return $"REVOKE ALL ON DATABASE {database} FROM PUBLIC";
        foreach (var (role, privilege, grantable) in _grants)
            yield return $"GRANT {privilege} ON DATABASE {database} TO {role}{(grantable ? " WITH GRANT OPTION" : "")}";
    }

    private string? Text(string column) => _row.TryGetProperty(column, out var value) ? value.GetString() : null;

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection server, string sql, string name, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, server) { Parameters = { new() { Value = name } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var list = new List<T>();
        while (await reader.ReadAsync(cancellation)) list.Add(read(reader));
        return list;
    }
}
