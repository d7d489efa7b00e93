using Microsoft.AspNetCore.Http;

namespace WhatsOps.Fleet;

/// <summary>Texts of a request's query.</summary>
internal static class QueryTexts
{
    /// <summary>The first value of that name; null: none, or an empty one.</summary>
    public static string? Text(this IQueryCollection query, string name) => query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;
}
