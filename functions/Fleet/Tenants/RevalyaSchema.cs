using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>
/// How Revalya's two tables really look in one database. No full schema of the product exists: code reads tenants.is_active in places and
/// tenants.active in others, and several columns of tenant_integrations appear in documents only.
/// </summary>
internal sealed class RevalyaSchema
{
    private static readonly string[] NeededTenantColumns = ["id", "slug"];
    private static readonly string[] NeededIntegrationColumns = ["tenant_id", "integration_type", "is_active", "config"];
    private readonly Dictionary<string, Dictionary<string, ColumnShape>> _columns;

    private RevalyaSchema(string schema, Dictionary<string, Dictionary<string, ColumnShape>> columns)
    {
        _columns = columns;
        Tenants = Quote(schema) + ".tenants";
        Integrations = Quote(schema) + ".tenant_integrations";
    }

    /// <summary>Qualified, quoted table name.</summary>
    public string Tenants { get; }

    public string Integrations { get; }

    /// <summary>Name of the column that says a tenant is active, or null when the product has none.</summary>
    public string? ActiveColumn => new[] { "is_active", "active" }.FirstOrDefault(name => _columns["tenants"].ContainsKey(name));

    /// <summary>Quoted names of the columns that an insert may fill.</summary>
    public string Insertable => string.Join(", ", _columns["tenant_integrations"].Values.Where(column => !column.Generated).Select(column => Quote(column.Name)));

    public bool Has(string column) => _columns["tenant_integrations"].ContainsKey(column);

    /// <summary>True when a row needs an id from us: a uuid without default.</summary>
    public bool NeedsId => _columns["tenant_integrations"].GetValueOrDefault("id") is { HasDefault: false, Type: "uuid" };

    /// <summary>What WhatsOps needs and the product does not have: <c>table.column</c>.</summary>
    public IReadOnlyList<string> Missing =>
    [
        .. NeededTenantColumns.Where(name => !_columns["tenants"].ContainsKey(name)).Select(name => $"tenants.{name}"),
        .. ActiveColumn is null && _columns["tenants"].Count > 0 ? ["tenants.is_active"] : Array.Empty<string>(),
        .. NeededIntegrationColumns.Where(name => !Has(name)).Select(name => $"tenant_integrations.{name}"),
    ];

    /// <summary>The integration's column, or a typed null where this product does not have it.</summary>
    public string Column(string name, string type) => Has(name) ? $"i.{Quote(name)}" : $"NULL::{type}";

    public static async Task<RevalyaSchema> DiscoverAsync(NpgsqlDataSource database, string schema, CancellationToken cancellation)
    {
        // information_schema shows only columns this role may use: a missing grant reads as a missing column, which is what it is to us.
        await using var command = database.CreateCommand(
            """
            SELECT table_name, column_name, data_type, is_generated = 'ALWAYS', column_default IS NOT NULL OR is_identity = 'YES'
              FROM information_schema.columns
             WHERE table_schema = $1 AND table_name IN ('tenants', 'tenant_integrations') ORDER BY table_name, ordinal_position
            """);
        command.Parameters.Add(new() { Value = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var columns = new Dictionary<string, Dictionary<string, ColumnShape>> { ["tenants"] = [], ["tenant_integrations"] = [] };
        while (await reader.ReadAsync(cancellation))
            columns[reader.GetString(0)][reader.GetString(1)] = new ColumnShape(reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4));
        return new RevalyaSchema(schema, columns);
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private sealed record ColumnShape(string Name, string Type, bool Generated, bool HasDefault);
}
