using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Which events an operator wants delivered again.</summary>
/// <param name="Tenant">Exact slug; null means every tenant of the system.</param>
/// <param name="Ids">Ids of events.</param>
/// <param name="From">Arrival, inclusive.</param>
/// <param name="To">Arrival, exclusive; null means now.</param>
/// <param name="OnlyDead">Only what was given up.</param>
public sealed record ReplayRequest(string? System, string? Tenant, IReadOnlyList<Guid>? Ids, DateTimeOffset? From, DateTimeOffset? To, bool OnlyDead)
{
    private const int MaxIds = 1000;

    /// <exception cref="ProblemException">400: not the JSON of a replay, or one that would take everything.</exception>
    public static async Task<ReplayRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        const string Shape = "Send {\"system\": \"…\", \"tenant\": \"…\"?, and \"ids\": […], \"from\"/\"to\" times, or \"onlyDead\": true}.";
        ReplayRequest asked;
        try
        {
            asked = await JsonBody.ReadAsync<ReplayRequest>(request, cancellation) ?? throw new ProblemException(400, "There is no body.", "$", Shape);
        }
        catch (JsonException problem)
        {
            throw new ProblemException(400, "The body is not the JSON of a replay.", problem.Path ?? "$", Shape);
        }

        if (string.IsNullOrEmpty(asked.System)) throw new ProblemException(400, "No system is named.", "$.system", Shape);
        if (asked.Ids is null && asked.From is null && !asked.OnlyDead) throw new ProblemException(400, "That would be everything.", "$.from", "Say from when, or which ids, or onlyDead.");
        if (asked.Ids is { Count: 0 or > MaxIds }) throw new ProblemException(400, $"ids must name 1 to {MaxIds} events.", "$.ids", "Name them, or give from and to.");
        if (asked.Ids?.FirstOrDefault(id => id.Version != 7) is { } stranger && stranger != Guid.Empty) throw new ProblemException(400, $"{stranger} is no event's id.", "$.ids", "Take eventId from GET /api/deliveries or id from GET /api/events.");
        if (asked.From >= asked.To) throw new ProblemException(400, "to is not after from.", "$.to", "Give a later to, or leave it out for now.");
        return asked;
    }
}
