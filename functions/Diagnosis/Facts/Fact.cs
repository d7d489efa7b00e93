namespace WhatsOps.Diagnosis;

/// <summary>One thing that can be told from what was seen.</summary>
/// <param name="Answers">Every word that <paramref name="Look"/> can answer.</param>
internal sealed record Fact(string Id, IReadOnlyList<string> Answers, Func<DiagnosisView, FactAnswer> Look);
