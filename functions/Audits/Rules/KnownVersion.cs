using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>What is known to be wrong with a range of gateway versions.</summary>
/// <param name="Id">Stable, snake_case.</param>
/// <param name="From">First version with it.</param>
/// <param name="To">Last version with it; both count.</param>
/// <param name="Area"><c>webhooks</c>, <c>isolation</c> or <c>metrics</c>.</param>
/// <param name="What">Goes on after "version X".</param>
internal sealed record KnownVersion(string Id, Version From, Version To, string Area, string What, Severity Severity, string FixedIn);
