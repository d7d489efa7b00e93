namespace WhatsOps.Findings;

/// <summary>Which findings are of security: they may have a route of their own, and the evidence is collected before it is gone.</summary>
public static class SecurityFindings
{
    /// <summary>Kinds that say that data may be read by whom it is not for, or that somebody tries to.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "tenant_isolation_bypass", "tenant_isolation_slug_mismatch", "instance_shared_by_tenants", "webhook_proof_failures", "webhook_without_secret",
        "gateway_key_in_clear", "gateway_key_weak", "instance_tokens_exposed", "instance_token_shared", "target_exposed",
    ];

    /// <summary>Rules of the watch that say the same: more refusals than a client with an old secret makes.</summary>
    public static IReadOnlyList<string> Checks { get; } = ["watch-rule/log-refusals"];

    public static bool Contain(Finding finding) => Kinds.Contains(finding.Kind) || Checks.Contains(finding.Check) || IsGuessable(finding);

    // A secret of a container's environment that is a factory default, a placeholder, or short.
    private static bool IsGuessable(Finding finding) => finding.Kind == "target_misconfigured" && finding.Subject?.Contains("/environment ", StringComparison.Ordinal) == true;

    /// <summary>The command that collects the evidence; null: the finding is not of security, or is over.</summary>
    public static string? EvidenceOf(Finding finding) => finding.State != FindingState.Closed && Contain(finding) ? $"whatsops watch evidence {finding.System}" : null;
}
