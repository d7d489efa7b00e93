namespace WhatsOps.Watch;

/// <summary>What a rule says of one series.</summary>
/// <param name="Value">What was compared; null without data.</param>
/// <param name="Since">Since when the condition holds without a break; null when it does not.</param>
internal readonly record struct RuleVerdict(RuleState State, double? Value, DateTimeOffset? Since);
