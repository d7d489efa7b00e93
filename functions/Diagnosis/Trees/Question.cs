namespace WhatsOps.Diagnosis;

/// <summary>One node of a tree.</summary>
/// <param name="Fact">Id of the fact that answers it.</param>
/// <param name="Next">Answer → id of the next question or of a conclusion; every answer the fact can give has one.</param>
internal sealed record Question(string Id, string Text, string Fact, IReadOnlyDictionary<string, string> Next)
{
    public static Question Of(string id, string text, string fact, params (string Answer, string Next)[] next) =>
        new(id, text, fact, next.ToDictionary(pair => pair.Answer, pair => pair.Next, StringComparer.Ordinal));
}
