using CsCheck;
using Npgsql;
using WhatsOps.Backups;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Whatever stands in a database comes back byte for byte.</summary>
public sealed class AnyDatabaseProperties(ITestOutputHelper output)
{
    private static readonly string[] Types = ["text", "bytea", "bigint", "numeric(30,7)", "double precision", "boolean", "timestamptz", "date", "interval", "uuid", "jsonb", "text[]", "int4range", "inet", "\"My Enum\""];

    // Names that need quotes, that are key words, that are long, that look like patterns.
    private static readonly Gen<string> Name = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 20], OneOf("select", "Ação", "a b", "q\"uote", "s'ingle", "per%cent", "star*", "dots.in.it", "back\\slash", "ünï"));

    private static readonly Gen<Table> AnyTable =
        from name in Name
        from columns in Gen.Int[0, Types.Length - 1].List[0, 6]
        from rows in Gen.Int[0, 40]
        from isKeyed in Gen.Bool
        from isPartitioned in Gen.Bool
        from schema in OneOf("public", "Sub Schema", "crm")
        select new Table(schema, name, columns, rows, isKeyed, isPartitioned);

    [Fact]
    public async Task Any_schema_and_any_rows_are_restored_byte_for_byte()
    {
        await using var world = await BackupWorld.CreateAsync();
        var (databases, rows) = (0, 0L);
        await AnyTable.List[1, 6].Select(Gen.Int, (tables, seed) => (tables, seed)).SampleAsync(
            async one =>
            {
                var tables = one.tables.DistinctBy(table => (table.Schema, table.Name)).ToArray();
                await world.ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS crm CASCADE; DROP SCHEMA IF EXISTS \"Sub Schema\" CASCADE");
                await world.ExecuteAsync(Sql(tables, one.seed));
                var before = await ContentAsync(world.Product.ConnectionString);
                var set = await world.MakeAsync();
                Assert.Equal((BackupState.Complete, null), (set.State, set.Problem));
                var name = $"any_{set.Id:N}";
                var part = set.Manifest!.Parts.Single(part => part.Name == "product");
                await world.Get<DatabaseRestore>().RunAsync(set.Manifest, part, new(world.Product.ConnectionString), name, "a property test", null, default);
                var after = await ContentAsync(new NpgsqlConnectionStringBuilder(world.Product.ConnectionString) { Database = name, Pooling = false }.ConnectionString);
                await NewDatabase.DropAsync(new(world.Product.ConnectionString), name, "a property test", default);
                Assert.Equal(before, after);
                databases++;
                rows += part.Counts.Values.Sum();
            },
            iter: 12, threads: 1);
        output.WriteLine($"{databases} databases, {rows} rows, 0 differences");
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    private static string Sql(IEnumerable<Table> tables, int seed) =>
        $"""
        CREATE SCHEMA crm; CREATE SCHEMA "Sub Schema"; CREATE TYPE "My Enum" AS ENUM ('a', 'Ü', 'c''d'); SELECT setseed({(Math.Abs((long)seed) % 1000 / 1000.0).ToString(System.Globalization.CultureInfo.InvariantCulture)});
        CREATE SEQUENCE counting START 41; SELECT nextval('counting'); CREATE VIEW looking AS SELECT 1 AS one; CREATE FUNCTION adding(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1';
        {string.Join('\n', tables.Select(table => table.Sql))}
        """;

    // Every definition and every row, as PostgreSQL itself prints them.
    private static async Task<IReadOnlyList<string>> ContentAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var content = await ListAsync(source,
            """
            SELECT format('%I.%I %s %s %s %s', n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE n.nspname IN ('public', 'crm', 'Sub Schema') AND a.attnum > 0 ORDER BY n.nspname, c.relname, a.attnum
            """);
        content.AddRange(await ListAsync(source, "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'crm', 'Sub Schema') ORDER BY 1"));
        content.AddRange(await ListAsync(source, "SELECT last_value::text FROM pg_sequences ORDER BY 1"));
        var names = await ListAsync(source, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'crm', 'Sub Schema') ORDER BY 1");
        foreach (var name in names) content.AddRange(await ListAsync(source, $"SELECT t::text FROM {name} t ORDER BY 1"));
        return content;
    }

    private static async Task<List<string>> ListAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await reader.ReadAsync()) list.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
        return list;
    }

    private sealed record Table(string Schema, string Name, List<int> Columns, int Rows, bool IsKeyed, bool IsPartitioned)
    {
        private string Quoted => $"{SqlName.Quoted(Schema)}.{SqlName.Quoted(Name)}";

        public string Sql
        {
            get
            {
                var columns = string.Concat(Columns.Select((type, index) => $", c{index} {Types[type]}"));
                var split = IsPartitioned ? " PARTITION BY HASH (k)" : "";
                var parts = IsPartitioned ? string.Concat(Enumerable.Range(0, 2).Select(part => $"CREATE TABLE {SqlName.Quoted(Schema)}.{SqlName.Quoted($"{Name}-{part}")} PARTITION OF {Quoted} FOR VALUES WITH (MODULUS 2, REMAINDER {part}); ")) : "";
                var values = string.Concat(Columns.Select(type => $", CASE WHEN random() < 0.2 THEN NULL ELSE {Value(Types[type])} END"));
                return $"CREATE TABLE {Quoted} (k int{(IsKeyed ? " PRIMARY KEY" : "")}{columns}){split}; {parts}INSERT INTO {Quoted} SELECT i{values} FROM generate_series(1, {Rows}) i;";
            }
        }

        // Tabs, line ends, backslashes, the end mark of COPY, emoji, every byte: what a dump must not stumble over.
        private static string Value(string type) => type switch
        {
            "text" => """(ARRAY['', E'\\.', E'a\tb\nc\rd', 'ação 😀', E'\\N', 'COMMIT;', repeat('x', 3000), md5(random()::text)])[1 + floor(random() * 8)::int]""",
            "bytea" => "decode(md5(random()::text) || '00ff0a0d5c2e', 'hex')",
            "bigint" => "(random() * 9e18)::bigint - 4500000000000000000",
            "numeric(30,7)" => "(CASE WHEN random() < 0.1 THEN 'NaN'::numeric ELSE round((random() * 1e20)::numeric, 7) END)",
            "double precision" => "(ARRAY[random() * 1e300, 'Infinity', 'NaN', 1e-300, 0.1 + random()])[1 + floor(random() * 5)::int]",
            "boolean" => "random() < 0.5",
            "timestamptz" => "(ARRAY[now() - random() * interval '9999 days', 'infinity', '0044-03-15 12:00 BC'::timestamptz])[1 + floor(random() * 3)::int]",
            "date" => "date '2026-01-01' + floor(random() * 999)::int",
            "interval" => "random() * interval '1 year 2 months'",
            "uuid" => "gen_random_uuid()",
            "jsonb" => """jsonb_build_object('a', random(), 'b', E'q"\\u00e9\t', 'c', null)""",
            "text[]" => """ARRAY['a', NULL, 'b,"c"', '{}', md5(random()::text)]""",
            "int4range" => "int4range(floor(random() * 10)::int, 10 + floor(random() * 10)::int)",
            "inet" => "('10.0.0.' || floor(random() * 255)::int)::inet",
            _ => "(ARRAY['a', 'Ü', 'c''d'])[1 + floor(random() * 3)::int]::\"My Enum\"",
        };
    }
}
