using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>What one tree says.</summary>
/// <param name="Path">The questions that were asked, with what was seen.</param>
/// <param name="Conclusion">Stable id, snake_case.</param>
/// <param name="Command">How to start the remedy.</param>
/// <param name="Task">What a person does.</param>
public sealed record DiagnosisResult(
    string Symptom, IReadOnlyList<DiagnosisStep> Path, string Conclusion, Severity Severity, string Cause, string? Remedy, string? Command, string? Task);
