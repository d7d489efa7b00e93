namespace WhatsOps.Audits;

/// <param name="Detail">One sentence for a person.</param>
internal sealed record CanaryJudgement(CanaryVerdict Verdict, string Detail);
