namespace WhatsOps.Diagnosis;

/// <summary>The trees that were walked for one tenant, from one set of looks.</summary>
/// <param name="CallsMade">Calls to gateways.</param>
public sealed record DiagnosisReport(
    string System, string Tenant, string Instance, string? Gateway, DateTimeOffset At, int CallsMade, IReadOnlyList<DiagnosisResult> Diagnoses);
