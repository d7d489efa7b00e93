using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <inheritdoc cref="IAnnouncements"/>
internal sealed class Announcements(NpgsqlDataSource database, IFleet fleet, TimeProvider time) : IAnnouncements
{
    public async Task AnnounceAsync(string system, string name, string text, Func<Language, IReadOnlyList<AlertField>> fields, CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return;
        var now = time.GetUtcNow();
        var alerts = version.Document.Alerts;
        foreach (var route in alerts.Routes.Where(route => !route.EscalationOnly && (route.Match.Systems.Count == 0 || route.Match.Systems.Contains(system))))
        {
            var language = route.Language ?? alerts.Language;
            var message = new AlertMessage("info", now, AlertWriter.Service, text, fields(language)) { System = system, Title = text, Language = language };
            await using var command = database.CreateCommand(
                "INSERT INTO whatsops.alert_outbox (id, route, system, message, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING");
            command.Parameters.Add(new() { Value = Id(route.Name, system, name) });
            command.Parameters.Add(new() { Value = route.Name });
            command.Parameters.Add(new() { Value = system });
            command.Parameters.Add(new() { Value = JsonSerializer.Serialize(message, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = now });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    // From the name, so that work that is repeated after a crash tells nobody twice.
    private static Guid Id(params ReadOnlySpan<string> parts) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts!))).AsSpan(0, 16), bigEndian: true);
}
