namespace WhatsOps.Diagnosis;

/// <summary>One decision tree of the manual, as data: it can be drawn, walked and checked without anything to ask.</summary>
/// <param name="Symptom"><c>connection</c>, <c>disconnection</c>, <c>isolation</c>, <c>performance</c>, <c>sending</c>, <c>latency</c> or <c>memory</c>.</param>
/// <param name="Root">Id of the first question.</param>
internal sealed record Tree(string Symptom, string Title, string Root, IReadOnlyList<Question> Questions, IReadOnlyList<Conclusion> Conclusions);
