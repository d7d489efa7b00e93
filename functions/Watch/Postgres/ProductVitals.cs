using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// What a product's own tables tell of its sessions and messages: counts only, never a row. A table that is not there or does not answer is a finding of its own, and the
/// others are asked all the same.
/// </summary>
internal static class ProductVitals
{
    /// <summary>How many questions there are, each of which may take its whole time.</summary>
    public static int Count(ProductTables tables) => Questions(tables).Count();

    /// <returns>Unseen: the tables that are there and did not answer.</returns>
    public static async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles, IReadOnlyList<string> Unseen)> ReadAsync(NpgsqlConnection connection, ProductTables tables, CancellationToken cancellation)
    {
        var measures = new List<Measure>();
        var troubles = new List<Trouble>();
        var unseen = new List<string>();
        foreach (var question in Questions(tables))
        {
            try
            {
                if (await ExistsAsync(connection, question.Table, cancellation)) measures.AddRange(await AskAsync(connection, question, cancellation));
                else troubles.Add(NotKnown(question, $"The database has no table {question.Table}, so nothing is known of {question.What}. Fix: is this the product's database, and may the user see its schema?"));
            }
            catch (NpgsqlException problem) when (TableSilence.IsOfTable(problem, connection))
            {
                troubles.Add(NotKnown(question, TableSilence.Words(problem, question.Table, $"nothing is known of {question.What}")));
                unseen.Add(question.Table);
            }
        }

        return (measures, troubles, unseen);
    }

    private static Trouble NotKnown(Question question, string why) => new(TroubleKinds.NotObservable, Severity.Medium, why) { Subject = question.Table };

    private static async Task<List<Measure>> AskAsync(NpgsqlConnection connection, Question question, CancellationToken cancellation)
    {
        var measures = new List<Measure>();
        await using var command = new NpgsqlCommand(question.Sql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) measures.Add(new(rows.GetString(0), rows.GetDouble(2), JsonReading.Plain(rows.GetString(1))));
        return measures;
    }

    private static IEnumerable<Question> Questions(ProductTables tables) => tables switch
    {
        ProductTables.TaktChat =>
        [
            // Only CONNECTED is connected. Other channels, such as Instagram, have no session of their own.
            new("\"Whatsapps\"", "WhatsApp sessions",
                """
                SELECT 'taktchat.sessions', coalesce(nullif(status, ''), 'none'), count(*)::float8 FROM "Whatsapps" WHERE coalesce(nullif(channel, ''), 'whatsapp') = 'whatsapp' GROUP BY 2
                UNION ALL
                SELECT 'taktchat.sessions.down', '', count(*) FILTER (WHERE status IS DISTINCT FROM 'CONNECTED')::float8 FROM "Whatsapps" WHERE coalesce(nullif(channel, ''), 'whatsapp') = 'whatsapp'
                UNION ALL
                -- Each by itself, or one session after another would make up 15 minutes together. The count above has those beyond the first 200.
                (SELECT 'taktchat.session.down', id::text, (status IS DISTINCT FROM 'CONNECTED')::int::float8 FROM "Whatsapps" WHERE coalesce(nullif(channel, ''), 'whatsapp') = 'whatsapp'
                ORDER BY 3 DESC, id LIMIT 200)
                """),
        ],
        ProductTables.TurboZap =>
        [
            // Paired, but without a live connection: the API calls it connected all the same.
            new("instances", "instances",
                """
                SELECT 'turbozap.instances', coalesce(status, 'none'), count(*)::float8 FROM instances GROUP BY 2
                UNION ALL
                SELECT 'turbozap.instances.down', '', count(*) FILTER (WHERE coalesce(device_jid, '') <> '' AND status IS DISTINCT FROM 'connected')::float8 FROM instances
                """),
            new("messages", "messages",
                """
                WITH m AS (SELECT from_me, coalesce(nullif(type, ''), 'unknown') AS type, count(*)::float8 AS n FROM messages GROUP BY 1, 2)
                SELECT 'messages.sent', '', coalesce(sum(n) FILTER (WHERE from_me), 0) FROM m
                UNION ALL SELECT 'messages.received', '', coalesce(sum(n) FILTER (WHERE NOT from_me), 0) FROM m
                UNION ALL SELECT 'messages.by_type', type, sum(n) FROM m GROUP BY 2
                """),
        ],
        ProductTables.Agent =>
        [
            new("conversations", "conversations", "SELECT 'agent.conversations', '', count(*)::float8 FROM conversations"),
            new("messages", "messages",
                """
                SELECT 'messages.sent', '', count(*) FILTER (WHERE direction = 'out')::float8 FROM messages
                UNION ALL SELECT 'messages.received', '', count(*) FILTER (WHERE direction = 'in')::float8 FROM messages
                """),
            // The manual's bookings do not exist; these do.
            new("appointments", "appointments", "SELECT 'agent.appointments', '', count(*)::float8 FROM appointments"),
            new("meta_logs", "refused calls", "SELECT 'agent.refused_calls', '', count(*)::float8 FROM meta_logs WHERE status_code IN (401, 403)"),
        ],
        _ => throw new InvalidOperationException($"{tables} are nobody's tables."),
    };

    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = table } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <param name="Sql">Rows of metric, subject, value.</param>
    private sealed record Question(string Table, string What, string Sql);
}
