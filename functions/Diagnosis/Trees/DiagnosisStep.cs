namespace WhatsOps.Diagnosis;

/// <summary>One question of a walk with its answer and the facts it rests on; no secrets, phone numbers masked.</summary>
public sealed record DiagnosisStep(string Id, string Question, string Answer, IReadOnlyDictionary<string, string> Evidence);
