namespace WhatsOps.Events;

/// <summary>What a body of Meta's holds.</summary>
/// <param name="Problem">Why it could not be read; null when it could. Then <paramref name="Changes"/> is empty.</param>
internal sealed record MetaBody(string? Problem, IReadOnlyList<MetaChange> Changes)
{
    public static MetaBody Unread(string problem) => new(problem, []);
}
