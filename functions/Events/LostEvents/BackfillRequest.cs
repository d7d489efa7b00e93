using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Which lost messages an operator wants taken from the gateway's store.</summary>
public sealed record BackfillRequest(string? System, string? Tenant, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <exception cref="ProblemException">400: something is missing or no time.</exception>
    public static async Task<BackfillRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        const string Shape = "Send {\"system\": \"…\", \"tenant\": \"…\", \"from\": \"2026-01-31T00:00:00Z\", \"to\": \"2026-02-01T00:00:00Z\"}.";
        BackfillRequest asked;
        try
        {
            asked = await JsonBody.ReadAsync<BackfillRequest>(request, cancellation) ?? throw new ProblemException(400, "There is no body.", "$", Shape);
        }
        catch (JsonException problem)
        {
            throw new ProblemException(400, "The body is not the JSON of a backfill.", problem.Path ?? "$", Shape);
        }

        if (string.IsNullOrEmpty(asked.System)) throw new ProblemException(400, "No system is named.", "$.system", Shape);
        if (string.IsNullOrEmpty(asked.Tenant)) throw new ProblemException(400, "No tenant is named.", "$.tenant", Shape);
        if (asked.From is null) throw new ProblemException(400, "It does not say from when.", "$.from", Shape);
        if (asked.To is null || asked.To <= asked.From) throw new ProblemException(400, "to is missing or not after from.", "$.to", Shape);
        return asked;
    }
}
