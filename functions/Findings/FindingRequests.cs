using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>Reads what a caller asked of the findings; a problem names the parameter and the fix.</summary>
internal static class FindingRequests
{
    private const int MaxLimit = 1000;

    public static FindingQuery Query(IQueryCollection query) => new(
        query.Text("system"),
        query.Text("tenant"),
        query.Text("kind"),
        Severity(query.Text("minSeverity")),
        query.Text("includeClosed") is "true" or "1",
        Number(query, "before", 1, long.MaxValue),
        (int)(Number(query, "limit", 1, MaxLimit) ?? 200));

    public static async Task<FindingDecision> DecisionAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<FindingDecision>(request.Body, JsonSerializerOptions.Web, cancellation) ?? new FindingDecision();
        }
        catch (JsonException problem)
        {
            throw new ProblemException(400, "The body is not the JSON of a decision.", problem.Path ?? "$", "Send {\"reason\": \"…\"}; a silence also takes \"minutes\" or \"until\".");
        }
    }

    private static Severity? Severity(string? name)
    {
        if (name is null) return null;
        return Enum.TryParse<Severity>(name, ignoreCase: true, out var severity) && Enum.IsDefined(severity) && !char.IsDigit(name[0])
            ? severity
            : throw new ProblemException(400, $"minSeverity {name} is not a severity.", "minSeverity", "Use info, low, medium, high or critical.");
    }

    private static long? Number(IQueryCollection query, string name, long least, long most)
    {
        if (query.Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ProblemException(400, $"{name} must be a whole number from {least} to {most}.", name, null);
    }
}
