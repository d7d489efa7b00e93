namespace WhatsOps.Reports;

/// <summary>Calls to WhatsApp gateways within a window, from one source (R-045…R-049).</summary>
/// <param name="Source"><c>gateway_calls</c> (made by WhatsOps) or <c>api_logs</c> (written by the product).</param>
/// <param name="SuccessPercent">Two decimals; null when nothing was called.</param>
/// <param name="Unanswered">Calls without a response time; they count as requests, not in the times.</param>
/// <param name="AverageMs">Null without any response time.</param>
/// <param name="P95Ms">95 of 100 answers took at most this long.</param>
/// <param name="Errors">By type, most first; a type that is not given is <c>unknown</c>.</param>
/// <param name="SlowestTenants">By average, at most ten.</param>
/// <param name="Days">Of the system's time zone, in order; days without a call are left out.</param>
public sealed record CallFigures(
    string Source, long Requests, long Successes, decimal? SuccessPercent, long Unanswered, decimal? AverageMs, decimal? P95Ms,
    IReadOnlyList<CountOf> Errors, IReadOnlyList<TenantTime> SlowestTenants, IReadOnlyList<DayCalls> Days)
{
    /// <summary>Fewer successes than this percentage; false when nothing was called. Compared exactly, not as rounded.</summary>
    public bool SucceedsLessThan(decimal percent) => Requests > 0 && Successes * 100m < percent * Requests;
}
