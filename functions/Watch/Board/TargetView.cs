namespace WhatsOps.Watch;

/// <summary>One target as a person sees it.</summary>
/// <param name="Outcome">seen, absent, unauthorized, unreachable; null: not looked at yet.</param>
/// <param name="Words">What was seen, or why nothing was.</param>
/// <param name="Availability">Percent of the looks of the last 24 hours that saw it; null without any.</param>
/// <param name="P50">Seconds of an answer in the last 24 hours: half of them took no longer; likewise the others.</param>
public sealed record TargetView(
    string System, string Target, string? Outcome, string? Words, DateTimeOffset? ReadAt, DateTimeOffset NextAt, double? Availability, double? P50, double? P95, double? P99);
